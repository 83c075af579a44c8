#include "cli/help.h"

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
        app.print_raw(!group.empty() ? group : help_for(*TRY(find_command(words)).entry));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_help() { return std::make_unique<Help>(); }

}  // namespace sbx::cli
