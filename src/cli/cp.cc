#include "cli/cp.h"

#include "cli/app.h"
#include "cli/run_options.h"
#include "container/copy.h"
#include "os/terminal.h"

namespace sbx::cli {

namespace {

struct Cp : Command {
    std::string from;
    std::string to;
    bool archive = false;
    bool overwrite = false;
    bool follow_link = false;

    void declare(Args& args) override {
        args.flag("-a,--archive", archive, "Keep the owners of the files");
        args.flag("-L,--follow-link", follow_link,
                  "Of a symbolic link as the source, copy what it leads to");
        args.flag("--overwrite", overwrite,
                  "Replace folders by what is none, and the other way round");
        args.operand("SOURCE", from, "CONTAINER:PATH, a path here, or - for a tar archive",
                     Complete::copy_ends);
        args.operand("DESTINATION", to, "Likewise", Complete::copy_ends);
        args.example("sbx cp notes.txt box:/srv/", "A file into a folder of a container");
        args.example("sbx cp box:/var/log ./logs", "A folder out of it, under another name");
        args.example("sbx cp box:/srv/. ./srv", "What is in a folder, without the folder");
        args.example("tar -c src | sbx cp - box:/work", "An archive, unpacked in a container");
    }

    Result<int> run(App& app) override {
        const std::string here = surroundings().working_directory;
        const container::Copying copying{.from = container::parse_copy_end(from, here),
                                         .to = container::parse_copy_end(to, here),
                                         .archive = archive,
                                         .overwrite = overwrite,
                                         .follow_link = follow_link};
        if (copying.to.is_stream() && App::stdout_is_terminal())
            return Error(Error::Kind::usage, "a tar archive does not belong on a terminal")
                .hint("give a path, or a pipe");
        if (copying.from.is_stream() && os::is_terminal(os::FdView::number(0)))
            return Error(Error::Kind::usage, "standard input is a terminal, not a tar archive");
        const store::Store* store = TRY(app.store());
        const sandbox::Host* host = TRY(app.host());
        for (const std::string& note :
             TRY(container::copy(*store, *host, copying), "cannot copy '{}' to '{}'", from, to))
            app.warn(note);
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_cp() { return std::make_unique<Cp>(); }

}  // namespace sbx::cli
