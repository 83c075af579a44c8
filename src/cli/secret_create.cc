#include "cli/secret_create.h"

#include "base/text.h"
#include "base/time.h"
#include "cli/app.h"
#include "container/environment.h"
#include "os/file.h"
#include "os/random.h"
#include "store/secrets.h"

namespace sbx::cli {

namespace {

struct SecretCreate : Command {
    bool env = false;
    bool replace = false;
    bool ignore = false;
    std::string driver = "file";
    std::vector<std::string> labels;
    std::string name;
    std::string source;

    void declare(Args& args) override {
        args.flag("--env", env, "FILE is the name of a variable that has the secret");
        args.list("-l,--label", "KEY=VALUE", labels, "Label of the secret");
        args.flag("--replace", replace, "Put it in the place of one that is there");
        args.flag("--ignore", ignore, "One that is there already stays, and is no failure");
        args.option("-d,--driver", "NAME", driver, "file, as there is no other");
        args.operand("NAME", name, "Name of the secret");
        args.operand("FILE", source, "What has it; \"-\" is standard input", Complete::files);
        args.example("pass show db | sbx secret create db -", "A secret that was on no disk");
    }

    Result<int> run(App& app) override {
        if (driver != "file")
            return Error(Error::Kind::unsupported, "--driver {}: there is file, and no other",
                         excerpt(driver));
        const store::Store* store = TRY(app.store());
        const store::Secrets secrets = TRY(store::Secrets::open(*store));
        if (ignore)
            if (const Result<store::Secret> there = secrets.find(name);
                there && there->name == name) {
                app.print(there->id);
                return 0;
            }
        const Instant moment = now();
        store::Secret wanted{
            .id = os::random_hex(25), .name = name, .created = moment, .updated = moment};
        wanted.labels = TRY(container::parse_labels(labels, {}));
        const std::string value = TRY(read_value(), "secret '{}'", excerpt(name));
        const auto existing =
            replace ? store::Secrets::Existing::replaced : store::Secrets::Existing::refused;
        app.print(TRY(secrets.create(wanted, value, existing)).id);
        return 0;
    }

    Result<std::string> read_value() const {
        if (!env) return os::read_input(source == "-" ? "/dev/stdin" : source, kMost);
        const auto value = environment_variable(source.c_str());
        if (value) return *value;
        return Error(Error::Kind::not_found, "the variable '{}' is not set", excerpt(source));
    }

    static constexpr std::size_t kMost = store::Secrets::kLargest + 1;
};

}  // namespace

std::unique_ptr<Command> make_secret_create() { return std::make_unique<SecretCreate>(); }

}  // namespace sbx::cli
