#include "cli/help.h"

#include "base/text.h"
#include "cli/app.h"
#include "cli/help_text.h"

namespace sbx::cli {

namespace {

struct Help : Command {
    bool json = false;
    std::vector<std::string> words;

    void declare(Args& args) override {
        args.flag("--json", json, "All commands and options, as a document");
        args.optional_operands("COMMAND", words, "What to explain", Complete::commands);
    }

    Result<int> run(App& app) override {
        if (json)
            app.print_raw(help_as_json().dump(Json::Layout::indented) + "\n");
        else if (words.empty())
            app.print_raw(overview());
        else
            return explain(app);
        return 0;
    }

    Result<int> explain(App& app) const {
        const std::string group = words.size() == 1 ? group_help(words.front()) : "";
        if (!group.empty()) {
            app.print_raw(group);
            return 0;
        }
        const Found found = TRY(find_command(words));
        if (found.words < words.size())
            return Error(Error::Kind::usage, "'{}' is one argument too many",
                         excerpt(words[found.words]));
        app.print_raw(help_for(*found.entry));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_help() { return std::make_unique<Help>(); }

}  // namespace sbx::cli
