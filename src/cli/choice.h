// Which containers a command is for.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "cli/app.h"
#include "cli/args.h"
#include "container/status.h"

namespace sbx::cli {

// By names, or by what they have in common. A command declares what it takes of this.
struct ContainerChoice {
    std::vector<std::string> names = {};
    bool all = false;
    bool can_be_all = false;  // that is asked by an option
    bool latest = false;
    bool ignore = false;  // pass over those that do not exist
    std::vector<std::string> cidfiles = {};
    std::vector<std::string> filters = {};

    void declare_all(Args& args, std::string_view help);
    void declare_latest(Args& args);
    void declare_cidfile(Args& args);
    void declare_filter(Args& args, std::string_view spelling = "-f,--filter");
    void declare_names(Args& args, Complete complete);
};

struct Chosen {
    std::string id;
    std::string name;  // as it was given; the id where it was not
};

struct Choice {
    std::vector<Chosen> containers;  // each once
    int status = 0;                  // 125 where a name is nobody's, which has been told
};

// What --all means: all, or those that run; of these perhaps only some.
enum class Among : std::uint8_t { all, running, unpaused, paused };

// Kind::usage where nothing says which, or too much. `verb` is for what is told of a name: "cannot
// VERB 'x'".
Result<Choice> choose(App& app, const ContainerChoice& choice, Among among, std::string_view verb);

// What has come of each that was chosen, told as it becomes known: its name, or why "cannot VERB
// 'x'".
class Outcomes {
public:
    Outcomes(App& app, const Choice& choice, std::string_view verb)
        : app_(&app), choice_(&choice), verb_(verb), status_(choice.status) {}

    void tell(const std::string& id, Result<> how);
    int status() const { return status_; }

private:
    App* app_;
    const Choice* choice_;
    std::string_view verb_;
    int status_;
};

}  // namespace sbx::cli
