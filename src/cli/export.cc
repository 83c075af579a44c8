#include "cli/export.h"

#include "container/files.h"
#include "os/file.h"

namespace sbx::cli {

static Result<os::Fd> open_output(const std::string& output) {
    if (output.empty()) return os::Fd();
    os::Fd file(::open(output.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
    if (!file && errno == ENOENT) file = TRY(os::make_file(output, 0644), "--output");
    if (!file) return Error::from_errno(errno, "open '{}'", output);
    return file;
}

// Half an archive is of no use.
static Result<> drop(const os::Fd& file, const std::string& output) {
    const struct stat status = TRY(os::status_of(file));
    if (!S_ISREG(status.st_mode)) return {};
    return os::remove_at(os::FdView::cwd(), output);
}

Result<> write_archive(App& app, const std::string& output, const WriteArchive& write) {
    if (output.empty() && App::stdout_is_terminal())
        return Error(Error::Kind::usage, "a tar archive does not belong on a terminal")
            .hint("give --output, or a pipe");
    const os::Fd file = TRY(open_output(output));
    Result<std::vector<std::string>> notes = write(file ? os::FdView(file) : os::FdView::number(1));
    if (!notes && file) (void)drop(file, output);  // the first failure is the one to report
    for (const std::string& note : TRY(std::move(notes)))
        app.warn(note);
    return {};
}

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
        const store::Store* store = TRY(app.store());
        const sandbox::Host* host = TRY(app.host());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(name));
        TRY(write_archive(
                app, output,
                [&](os::FdView out) { return container::export_files(*store, *host, id, out); }),
            "cannot export '{}'", name);
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_export() { return std::make_unique<Export>(); }

}  // namespace sbx::cli
