#include "cli/volume_import.h"

#include <fcntl.h>

#include "cli/app.h"
#include "container/volume_files.h"
#include "os/terminal.h"

namespace sbx::cli {

namespace {

struct VolumeImport : Command {
    std::string name;
    std::string source;

    void declare(Args& args) override {
        args.operand("VOLUME", name, "Name of the volume", Complete::volumes);
        args.operand("SOURCE", source, "A tar archive, or - for standard input", Complete::files);
        args.example("sbx volume import data data.tar", "Unpack an archive in a volume");
        args.example("tar -c -C src . | sbx volume import data -", "What is in a folder");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const os::Fd file = TRY(open_source());
        for (const std::string& note :
             TRY(container::import_volume(*store, ids, name,
                                          file ? os::FdView(file) : os::FdView::number(0)),
                 "cannot import into '{}'", name))
            app.warn(note);
        return 0;
    }

    // Nothing for standard input.
    Result<os::Fd> open_source() const {
        if (source == "-" && os::is_terminal(os::FdView::number(0)))
            return Error(Error::Kind::usage, "standard input is a terminal, not a tar archive");
        if (source == "-") return os::Fd();
        os::Fd file(::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
        if (!file) return Error::from_errno(errno, "open '{}'", source);
        return file;
    }
};

}  // namespace

std::unique_ptr<Command> make_volume_import() { return std::make_unique<VolumeImport>(); }

}  // namespace sbx::cli
