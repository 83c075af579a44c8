#include "cli/secret_inspect.h"

#include "base/text.h"
#include "cli/containers.h"
#include "cli/template.h"
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
        Json documents = Json::array();
        const auto add = [&](const std::string& name) -> Result<> {
            documents.push(TRY(document(secrets, name), "cannot inspect '{}'", name));
            return {};
        };
        const int status = TRY(for_each_name(app, names, add));
        if (format.empty() || format == "json") {
            app.print_raw(documents.dump(Json::Layout::indented) + "\n");
            return status;
        }
        const Template parsed = TRY(Template::parse(format));
        for (const Json& one : documents.items())
            app.print_raw(printable_lines(TRY(parsed.execute(one))) + "\n");
        return status;
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
