#include "cli/version.h"

#include "cli/app.h"
#include "cli/template.h"
#include "oci/platform.h"

namespace sbx::cli {

namespace {

struct Version : Command {
    std::string format;

    void declare(Args& args) override {
        args.option("-f,--format", "TEMPLATE", format, "Show it by a Go template, or as \"json\"");
    }

    Result<int> run(App& app) override {
        const Json document = this->document();
        if (format == "json") {
            app.print_raw(document.dump(Json::Layout::indented) + "\n");
        } else if (!format.empty()) {
            const Template parsed = TRY(Template::parse(format));
            app.print(TRY(parsed.execute(document)));
        } else {
            app.print(fmt::format("sbx version {}", SBX_VERSION));
        }
        return 0;
    }

    // There is no server; clients of docker that ask for its version get this program's.
    static Json document() {
        const oci::Platform platform = oci::Platform::native();
        const Json own = Json::object()
                             .set("Version", SBX_VERSION)
                             .set("Os", platform.os)
                             .set("Arch", platform.architecture)
                             .set("OsArch", platform.text());
        return Json::object()
            .set("Version", SBX_VERSION)
            .set("OsArch", platform.text())
            .set("Client", own)
            .set("Server", own);
    }
};

}  // namespace

std::unique_ptr<Command> make_version() { return std::make_unique<Version>(); }

}  // namespace sbx::cli
