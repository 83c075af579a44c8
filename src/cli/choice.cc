#include "cli/choice.h"

#include <algorithm>

#include "base/text.h"
#include "cli/words.h"
#include "container/filter_facts.h"
#include "os/file.h"
#include "store/containers.h"

namespace sbx::cli {

void ContainerChoice::declare_all(Args& args, std::string_view help) {
    args.flag("-a,--all", all, help);
    can_be_all = true;
}

void ContainerChoice::declare_latest(Args& args) {
    args.flag("-l,--latest", latest, "The container made last");
}

void ContainerChoice::declare_cidfile(Args& args) {
    args.list("--cidfile", "FILE", cidfiles, "The container whose id is in this file",
              Complete::files);
}

void ContainerChoice::declare_filter(Args& args, std::string_view spelling) {
    args.list(spelling, "KEY=VALUE", filters,
              "Those for which it holds: name, id, status, exited, label, ancestor and others",
              kContainerFilters);
}

void ContainerChoice::declare_names(Args& args, Complete complete) {
    args.optional_operands("CONTAINER", names, "Name or id", complete);
}

static Result<> check(const ContainerChoice& choice) {
    const bool named = !choice.names.empty() || !choice.cidfiles.empty();
    const bool described = choice.all || !choice.filters.empty();
    const int ways = int{named} + int{described} + int{choice.latest};
    if (ways == 1) return {};
    if (ways > 1) return Error(Error::Kind::usage, "names, --all and --latest exclude each other");
    return Error(Error::Kind::usage, "name containers, or give {}",
                 choice.can_be_all ? "--all" : "--latest");
}

static bool is_among(const container::Status& status, Among among) {
    if (among == Among::all) return true;
    if (!status.is_active()) return false;
    return among == Among::running || status.paused == (among == Among::paused);
}

static Result<std::vector<std::string>> ids_described(App& app, const ContainerChoice& choice,
                                                      Among among) {
    const store::Store* store = TRY(app.store());
    const auto filter = TRY(container::parse_filter(*store, choice.filters));
    const os::IdMap ids = TRY(app.ids());
    std::vector<std::string> found;
    for (const container::Listed& listed : TRY(container::list(*store, ids))) {
        if (is_among(listed.status, among) && filter.admits(listed))
            found.push_back(listed.record.id);
        if (choice.latest) break;  // the first one, whatever it does
    }
    if (found.empty() && choice.latest)
        return Error(Error::Kind::not_found, "there are no containers");
    return found;
}

// Names, and what is in the files: of those that cannot be read is told.
static std::vector<std::string> words_of(App& app, const ContainerChoice& choice, int& status) {
    constexpr std::size_t kLongestId = 4096;
    std::vector<std::string> words = choice.names;
    for (const std::string& path : choice.cidfiles) {
        const Result<std::string> text = os::read_input(path, kLongestId);
        if (text) {
            words.emplace_back(trim(*text));
        } else if (!choice.ignore || !text.failed_with(std::errc::no_such_file_or_directory)) {
            app.complain(Error(text.error().kind(), "--cidfile: {}", text.error().text()));
            status = 125;
        }
    }
    return words;
}

Result<Choice> choose(App& app, const ContainerChoice& choice, Among among, std::string_view verb) {
    TRY(check(choice));
    Choice chosen;
    if (choice.all || choice.latest || !choice.filters.empty()) {
        const Among which = choice.latest ? Among::all : among;
        for (const std::string& id : TRY(ids_described(app, choice, which)))
            chosen.containers.push_back({.id = id, .name = id});
        return chosen;
    }
    const store::Store* store = TRY(app.store());
    const store::Containers containers = TRY(store::Containers::open(*store));
    for (const std::string& word : words_of(app, choice, chosen.status)) {
        Result<std::string> id = containers.resolve(word);
        if (id) {
            if (std::ranges::find(chosen.containers, *id, &Chosen::id) == chosen.containers.end())
                chosen.containers.push_back({.id = *id, .name = word});
        } else if (!choice.ignore || !id.failed_as(Error::Kind::not_found)) {
            app.complain(std::move(id).error().context(fmt::format("cannot {} '{}'", verb, word)));
            chosen.status = 125;
        }
    }
    return chosen;
}

void Outcomes::tell(const std::string& id, Result<> how) {
    const auto one = std::ranges::find(choice_->containers, id, &Chosen::id);
    const std::string& name = one == choice_->containers.end() ? id : one->name;
    if (how) {
        app_->print(name);
        how = app_->flush();
        if (how) return;
    }
    app_->complain(std::move(how).error().context(fmt::format("cannot {} '{}'", verb_, name)));
    status_ = 125;
}

}  // namespace sbx::cli
