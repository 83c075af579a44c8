#include "cli/secret_ls.h"

#include <algorithm>

#include "base/text.h"
#include "cli/listing.h"
#include "cli/words.h"
#include "container/filter.h"
#include "store/secrets.h"

namespace sbx::cli {

namespace {

Json row_of(const store::Secret& secret) {
    return Json::object()
        .set("ID", secret.id)
        .set("Name", secret.name)
        .set("Driver", "file")
        .set("CreatedAt", ago(secret.created, now()) + " ago")
        .set("UpdatedAt", ago(secret.updated, now()) + " ago");
}

Json document_of(const store::Secret& secret) {
    return Json::object()
        .set("ID", secret.id)
        .set("Name", secret.name)
        .set("Driver", "file")
        .set("CreatedAt", rfc3339(secret.created))
        .set("UpdatedAt", rfc3339(secret.updated))
        .set("Labels", secret.labels);
}

// KEY=VALUE each: name, id; one value of each key has to hold.
Result<bool> admits(const std::vector<std::string>& filters, const store::Secret& secret) {
    bool by_name = true;
    bool by_id = true;
    const auto any = [&](std::string_view key, const auto& fits) {
        bool asked = false;
        for (const std::string& text : filters)
            if (const auto pair = halves(text, '='); pair && pair->before == key) {
                if (fits(pair->after)) return true;
                asked = true;
            }
        return !asked;
    };
    for (const std::string& text : filters) {
        const auto pair = halves(text, '=');
        if (!pair || (pair->before != "name" && pair->before != "id"))
            return Error(Error::Kind::usage, "--filter {}: name= or id= belongs there",
                         excerpt(text));
        if (pair->before == "name") TRY(container::check_name_pattern(pair->after));
    }
    by_name = any("name", [&](auto v) { return container::fits_name(v, secret.name); });
    by_id = any("id", [&](auto v) { return secret.id.starts_with(v); });
    return by_name && by_id;
}

struct SecretLs : Command {
    ListingOptions listing;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.list("-f,--filter", "KEY=VALUE", filters, "Only those for which it holds: name, id",
                  kSecretFilters);
        listing.declare(args);
        args.example("sbx secret ls --format '{{.Name}}'", "The names of all");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Secrets secrets = TRY(store::Secrets::open(*store));
        Listing table{.columns = {{"ID", "ID"},
                                  {"NAME", "Name"},
                                  {"DRIVER", "Driver"},
                                  {"CREATED", "CreatedAt"},
                                  {"UPDATED", "UpdatedAt"}},
                      .id_field = "ID"};
        (void)TRY(admits(filters, {}));  // also where there is none
        for (const store::Secret& secret : TRY(secrets.all())) {
            if (!TRY(admits(filters, secret))) continue;
            table.rows.push_back(row_of(secret));
            table.documents.push(document_of(secret));
        }
        TRY(show(table, listing, app));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_secret_ls() { return std::make_unique<SecretLs>(); }

}  // namespace sbx::cli
