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
        const Json document = Json::object()
                                  .set("Version", SBX_VERSION)
                                  .set("OsArch", oci::Platform::native().text());
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
};

}  // namespace

std::unique_ptr<Command> make_version() { return std::make_unique<Version>(); }

}  // namespace sbx::cli
