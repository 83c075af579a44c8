#include "cli/import.h"

#include "cli/pull_options.h"
#include "cli/words.h"
#include "image/import.h"
#include "os/terminal.h"

namespace sbx::cli {

namespace {

struct Import : Command {
    std::string file;
    std::string name;
    std::string platform;
    std::string message;
    std::vector<std::string> changes;
    ProgressWords progress = {};

    void declare(Args& args) override {
        args.list("-c,--change", "INSTRUCTION", changes,
                  "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME or "
                  "WORKDIR");
        args.option("-m,--message", "TEXT", message, "Comment in the image's history");
        args.option("--platform", "OS/ARCH", platform, "What the files are for", kPlatforms);
        progress.declare(args);
        args.operand("FILE", file, "A tar of a root file system, or - for standard input",
                     Complete::files);
        args.optional_operand("NAME", name, "Name of the image");
        args.example("sbx import rootfs.tar.gz localhost/base", "An image from a root file system");
    }

    Result<int> run(App& app) override {
        image::ImportOptions options{.what = file, .message = message, .changes = changes};
        if (!name.empty()) options.name = TRY(oci::Reference::parse(name));
        if (!platform.empty()) options.platform = TRY(oci::Platform::parse(platform), "--platform");
        os::Fd opened;
        if (file != "-") {
            opened = os::Fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
            if (!opened) return Error::from_errno(errno, "open '{}'", file);
        } else if (os::is_terminal(os::FdView::number(0))) {
            return Error(Error::Kind::usage, "there is no archive: name a file, or redirect one");
        }
        const PullWorkshop workshop = TRY(PullWorkshop::open(app, progress));
        const store::Image image =
            TRY(image::import(opened ? os::FdView(opened) : os::FdView::number(0),
                              workshop.workshop(), options),
                "cannot import '{}'", file);
        app.print(image.id.hex());
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_import() { return std::make_unique<Import>(); }

}  // namespace sbx::cli
