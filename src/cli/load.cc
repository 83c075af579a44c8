#include "cli/load.h"

#include "base/text.h"
#include "cli/pull_options.h"
#include "cli/words.h"
#include "image/load.h"
#include "os/terminal.h"

namespace sbx::cli {

namespace {

struct Load : Command {
    std::string input;
    ProgressWords progress = {};
    std::string platform;

    void declare(Args& args) override {
        args.option("-i,--input", "FILE", input, "The archive; standard input if not given",
                    Complete::files);
        args.option("--platform", "OS/ARCH", platform, "Which of several images of an index",
                    kPlatforms);
        progress.declare(args);
        args.surplus_hint("did you mean `sbx load -i {}`?");
        args.example("sbx load -i image.tar", "Take in what `docker save` or `podman save` wrote");
    }

    Result<int> run(App& app) override {
        os::Fd file;
        if (!input.empty()) {
            file = os::Fd(::open(input.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
            if (!file) return Error::from_errno(errno, "open '{}'", input);
        } else if (os::is_terminal(os::FdView::number(0))) {
            return Error(Error::Kind::usage, "there is no archive: give --input, or redirect one");
        }
        const os::FdView archive = file ? os::FdView(file) : os::FdView::number(0);
        const oci::Platform wanted = platform.empty()
                                         ? oci::Platform::native()
                                         : TRY(oci::Platform::parse(platform), "--platform");
        PullWorkshop workshop = TRY(PullWorkshop::open(app, progress));
        const std::vector<image::Loaded> all = TRY(image::load(
            archive, input.empty() ? "standard input" : input, workshop.workshop(), wanted));
        workshop.done();
        for (const image::Loaded& loaded : all)
            tell(app, loaded);
        return 0;
    }

    static void tell(App& app, const image::Loaded& loaded) {
        for (const oci::Reference& name : loaded.names)
            app.print("Loaded image: " + name.text());
        if (loaded.names.empty()) app.print("Loaded image: " + loaded.image.id.text());
    }
};

}  // namespace

std::unique_ptr<Command> make_load() { return std::make_unique<Load>(); }

}  // namespace sbx::cli
