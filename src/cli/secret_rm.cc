#include "cli/secret_rm.h"

#include "cli/containers.h"
#include "store/secrets.h"

namespace sbx::cli {

namespace {

struct SecretRm : Command {
    bool all = false;
    bool ignore = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.flag("-a,--all", all, "All secrets");
        args.flag("-i,--ignore", ignore, "Pass over secrets that do not exist");
        args.optional_operands("NAME", names, "Name or id", Complete::secrets);
        args.example("sbx secret rm db", "Remove a secret");
    }

    Result<int> run(App& app) override {
        if (all != names.empty()) return Error(Error::Kind::usage, "name secrets, or give --all");
        const store::Store* store = TRY(app.store());
        const store::Secrets secrets = TRY(store::Secrets::open(*store));
        if (all) names = TRY(secrets.all_names());
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            Result<store::Secret> found = secrets.find(name);
            if (ignore && found.failed_as(Error::Kind::not_found)) return {};
            // One whose file is damaged has a name, and can go.
            store::Secret secret{.id = name, .name = name};
            if (found || !secrets.has(name)) secret = TRY(std::move(found));
            TRY(secrets.remove(secret.name));
            app.print(secret.id);
            return {};
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_secret_rm() { return std::make_unique<SecretRm>(); }

}  // namespace sbx::cli
