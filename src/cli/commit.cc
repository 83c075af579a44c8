#include "cli/commit.h"

#include "cli/pull_options.h"
#include "container/commit.h"
#include "os/file.h"
#include "store/containers.h"

namespace sbx::cli {

namespace {

constexpr std::string_view kFormats[] = {"oci", "docker"};

struct Commit : Command {
    container::CommitWords words;
    std::string format;
    std::string iidfile;
    std::string container;
    std::string name;
    bool pause = false;
    bool quiet = false;

    void declare(Args& args) override {
        args.option("-a,--author", "TEXT", words.author, "Who makes the image");
        args.list("-c,--change", "INSTRUCTION", words.changes,
                  "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME or "
                  "WORKDIR");
        args.choice("-f,--format", kFormats, format, "Of the image's documents; there is oci");
        args.option("--iidfile", "FILE", iidfile, "Write the image's id there, too",
                    Complete::files);
        args.flag("--include-volumes", words.include_volumes,
                  "Have what was mounted with --volume or --mount be volumes of the image");
        args.option("-m,--message", "TEXT", words.message, "Comment in the image's history");
        args.flag("-p,--pause", pause, "Have the container stand still meanwhile");
        args.flag("-q,--quiet", quiet, "Do not say what of the files was left out");
        args.flag("-s,--squash", words.squash, "One layer of all files, the image's as well");
        args.operand("CONTAINER", container, "Name or id", Complete::containers);
        args.optional_operand("IMAGE", name, "Name of the image", Complete::images);
        args.example("sbx commit box localhost/box", "An image of a container as it is now");
        args.example("sbx commit -c 'CMD [\"/bin/serve\"]' -c 'USER nobody' box",
                     "One that is run otherwise");
    }

    Result<int> run(App& app) override {
        if (format == "docker")
            return Error(Error::Kind::unsupported, "--format docker: images are OCI's here")
                .hint("what reads docker's format reads these, too");
        container::Commit wish{.words = words, .pause = pause};
        if (!name.empty()) wish.name = TRY(parse_name());
        const PullWorkshop workshop = TRY(PullWorkshop::open(app, {.quiet = true}));
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        wish.id = TRY(containers.resolve(container));
        const container::Committed made =
            TRY(container::commit(workshop.workshop(), wish), "cannot commit '{}'", container);
        if (!quiet)
            for (const std::string& note : made.notes)
                app.warn(note);
        if (!iidfile.empty()) TRY(write_id(made.image.id.hex()), "--iidfile");
        app.print(made.image.id.hex());
        return 0;
    }

    Result<oci::Reference> parse_name() const {
        oci::Reference reference = TRY(oci::Reference::parse(name));
        if (reference.digest())
            return Error(Error::Kind::usage, "'{}': a name to give has no digest", name);
        return reference;
    }

    Result<> write_id(const std::string& id) const {
        os::Fd file(::open(iidfile.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
        if (!file && errno == ENOENT) file = TRY(os::make_file(iidfile, 0644));
        if (!file) return Error::from_errno(errno, "open '{}'", iidfile);
        return os::write_all(file, id);
    }
};

}  // namespace

std::unique_ptr<Command> make_commit() { return std::make_unique<Commit>(); }

}  // namespace sbx::cli
