#include "cli/secret_exists.h"

#include "cli/app.h"
#include "store/secrets.h"

namespace sbx::cli {

namespace {

struct SecretExists : Command {
    std::string name;

    void declare(Args& args) override {
        args.operand("NAME", name, "Name or id", Complete::secrets);
        args.example("sbx secret exists db || sbx secret create db ./db", "In a script");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Secrets secrets = TRY(store::Secrets::open(*store));
        Result<store::Secret> found = secrets.find(name);
        if (found.failed_as(Error::Kind::not_found)) return 1;
        TRY(std::move(found));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_secret_exists() { return std::make_unique<SecretExists>(); }

}  // namespace sbx::cli
