#include "cli/oci_spec.h"

#include <unistd.h>

#include "oci/default_spec.h"
#include "os/file.h"

namespace sbx::cli {

namespace {

struct OciSpec : Command {
    std::string bundle = ".";
    std::string file = "config.json";
    bool rootless = false;

    void declare(Args& args) override {
        args.option("-b,--bundle", "DIR", bundle, "The folder to write it to",
                    Complete::directories);
        args.option("-f,--file", "FILE", file, "The name of the file in it", Complete::files);
        args.flag("--rootless", rootless, "For a user other than root");
        args.example("sbx oci spec --bundle box", "Write ./box/config.json");
    }

    Result<int> run(App& app) override {
        (void)app;
        const oci::Spec spec =
            rootless ? oci::default_rootless_spec({.uid = ::geteuid(), .gid = ::getegid()})
                     : oci::default_spec();
        const std::string path = file.starts_with('/') ? file : bundle + "/" + file;
        const os::Fd made = TRY(os::make_file(path, 0666));
        TRY(os::write_all(made, spec.to_json().dump(Json::Layout::indented) + "\n"), "'{}'", path);
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_spec() { return std::make_unique<OciSpec>(); }

}  // namespace sbx::cli
