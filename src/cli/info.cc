#include "cli/info.h"

#include <unistd.h>

#include "base/text.h"
#include "cli/app.h"
#include "cli/template.h"
#include "container/status.h"
#include "oci/platform.h"
#include "os/file.h"
#include "sandbox/checkup.h"
#include "store/images.h"

namespace sbx::cli {

namespace {

Json document_of(const sandbox::Finding& finding) {
    return Json::object()
        .set("Subject", finding.subject)
        .set("Verdict", sandbox::name_of(finding.verdict))
        .set("Found", finding.found)
        .set("Mend", finding.mend)
        .set("Keep", finding.keep);
}

Result<sandbox::Host> host_anew(const store::Store& store) {
    return sandbox::find_host_anew(
        {.cache = store.runtime(), .layers = store.places().data + "/layers"});
}

struct Info : Command {
    std::string format;
    bool apparmor = false;

    void declare(Args& args) override {
        args.option("-f,--format", "TEMPLATE", format, "Show it by a Go template, or as \"json\"");
        args.flag("--apparmor-profile", apparmor,
                  "Print the profile that lets this sbx make user namespaces on Ubuntu");
        args.example("sbx info", "What sbx is and has, and what this machine allows");
    }

    Result<int> run(App& app) override {
        if (apparmor) return print_profile(app);
        const store::Store* store = TRY(app.store());
        (void)TRY(app.host());  // a configured driver that there is not is an error here, too
        const sandbox::Host host = TRY(host_anew(*store));
        const Json document = TRY(describe(*store, host, app.config()));
        if (format == "json") {
            app.print_raw(document.dump(Json::Layout::indented) + "\n");
        } else if (!format.empty()) {
            const Template parsed = TRY(Template::parse(format));
            app.print(TRY(parsed.execute(document)));
        } else {
            print(app, document);
        }
        return 0;
    }

    static Result<Json> describe(const store::Store& store, const sandbox::Host& host,
                                 const Config& config) {
        const store::Images images = TRY(store::Images::open(store));
        const store::Containers containers = TRY(store::Containers::open(store));
        Json findings = Json::array();
        for (const sandbox::Finding& finding : sandbox::check_up(host))
            findings.push(document_of(finding));
        const std::string driver = config.storage_driver.empty()
                                       ? std::string(sandbox::name_of(host.driver))
                                       : config.storage_driver;
        return Json::object()
            .set("Version", SBX_VERSION)
            .set("Platform", oci::Platform::native().text())
            .set("Root", store.places().data)
            .set("RuntimeRoot", store.places().runtime)
            .set("Driver", driver)
            .set("Images", std::uint64_t{TRY(images.all()).size()})
            .set("Containers", std::uint64_t{TRY(containers.all()).size()})
            .set("Host", std::move(findings));
    }

    static void print(App& app, const Json& document) {
        for (const auto& [key, value] : document.members())
            if (!value.as_array())
                app.print(fmt::format("{:<20}{}", key,
                                      value.as_string() ? *value.as_string() : value.dump()));
        for (const Json& finding : document["Host"].items())
            app.print(fmt::format("{:<20}{}", *finding["Subject"].as_string(),
                                  *finding["Found"].as_string()));
    }

    // By path, as AppArmor confines: it lets no other program do so.
    static Result<int> print_profile(App& app) {
        const std::string self = TRY(os::read_link(os::FdView::cwd(), "/proc/self/exe"));
        app.print_raw(
            fmt::format("abi <abi/4.0>,\ninclude <tunables/global>\n\n"
                        "profile sbx \"{}\" flags=(unconfined) {{\n  userns,\n}}\n",
                        printable(self)));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_info() { return std::make_unique<Info>(); }

}  // namespace sbx::cli
