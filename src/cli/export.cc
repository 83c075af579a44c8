#include "cli/export.h"

#include "cli/app.h"
#include "container/files.h"
#include "os/file.h"

namespace sbx::cli {

namespace {

struct Export : Command {
    std::string output;
    std::string name;

    void declare(Args& args) override {
        args.option("-o,--output", "FILE", output, "Where to write, instead of standard output",
                    Complete::files);
        args.operand("CONTAINER", name, "Name or id", Complete::containers);
        args.example("sbx export -o box.tar box", "The files of a container as a tar archive");
        args.example("sbx export box | tar -t", "Their names");
    }

    Result<int> run(App& app) override {
        if (output.empty() && App::stdout_is_terminal())
            return Error(Error::Kind::usage, "a tar archive does not belong on a terminal")
                .hint("give --output, or a pipe");
        const store::Store* store = TRY(app.store());
        const sandbox::Host* host = TRY(app.host());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(name));
        const os::Fd file = TRY(open_output());
        Result<std::vector<std::string>> notes = container::export_files(
            *store, *host, id, file ? os::FdView(file) : os::FdView::number(1));
        if (!notes && file) TRY(drop(file));
        for (const std::string& note : TRY(std::move(notes), "cannot export '{}'", name))
            app.warn(note);
        return 0;
    }

    Result<os::Fd> open_output() const {
        if (output.empty()) return os::Fd();
        os::Fd file(::open(output.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
        if (!file && errno == ENOENT) file = TRY(os::make_file(output, 0644), "--output");
        if (!file) return Error::from_errno(errno, "open '{}'", output);
        return file;
    }

    // Half an archive is of no use.
    Result<> drop(const os::Fd& file) const {
        const struct stat status = TRY(os::status_of(file));
        if (!S_ISREG(status.st_mode)) return {};
        return os::remove_at(os::FdView::cwd(), output);
    }
};

}  // namespace

std::unique_ptr<Command> make_export() { return std::make_unique<Export>(); }

}  // namespace sbx::cli
