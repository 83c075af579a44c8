#include "cli/secret_inspect.h"

#include "cli/app.h"
#include "cli/inspect.h"
#include "store/secrets.h"

namespace sbx::cli {

namespace {

struct SecretInspect : Command {
    std::string format;
    bool show_secret = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.option("-f,--format", "TEMPLATE", format,
                    "Show each by a Go template, or as \"json\"");
        args.flag("--showsecret", show_secret, "Show the secret itself, too");
        args.operands("NAME", names, "Name or id", Complete::secrets);
        args.example("sbx secret inspect --format '{{.UpdatedAt}}' db", "One field");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Secrets secrets = TRY(store::Secrets::open(*store));
        return show_documents(app, names, format,
                              [&](const std::string& name) { return document(secrets, name); });
    }

    Result<Json> document(const store::Secrets& secrets, const std::string& name) const {
        const store::Secret secret = TRY(secrets.find(name));
        Json json = Json::object();
        json.set("ID", secret.id)
            .set("CreatedAt", rfc3339(secret.created))
            .set("UpdatedAt", rfc3339(secret.updated))
            .set("Spec", Json::object()
                             .set("Name", secret.name)
                             .set("Driver",
                                  Json::object().set("Name", "file").set("Options", Json::object()))
                             .set("Labels", secret.labels));
        if (show_secret) json.set("SecretData", TRY(secrets.value_of(secret.name)));
        return json;
    }
};

}  // namespace

std::unique_ptr<Command> make_secret_inspect() { return std::make_unique<SecretInspect>(); }

}  // namespace sbx::cli
