#include "cli/completion.h"

#include <algorithm>
#include <array>

#include <sys/stat.h>

#include "cli/app.h"
#include "cli/complete.h"
#include "cli/oci.h"
#include "os/file.h"
#include "store/containers.h"
#include "store/images.h"
#include "store/networks.h"
#include "store/pods.h"
#include "store/secrets.h"
#include "store/volumes.h"

namespace sbx::cli {

static constexpr std::size_t kShortId = 12;
static constexpr std::array<std::string_view, 3> kShells = {"bash", "zsh", "fish"};

// Each script asks `sbx __complete`, which answers with a candidate a line, its help behind a tab,
// and ":files" or ":directories" where the shell is to add its own.
static constexpr std::string_view kBash = R"(# bash completion of sbx; made by `sbx completion bash`
_sbx() {
    # The words as sbx gets them, up to the cursor. Bash parts them at "=" and ":", too.
    local rest=${COMP_LINE:0:COMP_POINT} blank word words=() i line candidates=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        blank=${rest%%[![:blank:]]*}
        rest=${rest#"$blank"}
        word=$rest
        ((i == COMP_CWORD)) || word=${COMP_WORDS[i]}
        if [[ $i -gt 0 && -z $blank ]]; then words[-1]+=$word; else words+=("$word"); fi
        rest=${rest#"$word"}
    done
    local cur=${words[-1]} path
    path=$cur
    [[ $cur == --*=* ]] && path=${cur#*=}
    while IFS= read -r line; do
        case $line in
            :files) compopt -o filenames; mapfile -t -O "${#candidates[@]}" candidates < <(compgen -f -- "$path") ;;
            :directories) compopt -o filenames; mapfile -t -O "${#candidates[@]}" candidates < <(compgen -d -- "$path") ;;
            *) candidates+=("${line%%$'\t'*}") ;;
        esac
    done < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
    # Bash replaces what stands behind the last of the characters that it parts words at.
    local behind=${cur##*["$COMP_WORDBREAKS"]}
    COMPREPLY=("${candidates[@]#"${cur%"$behind"}"}")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:,/] ]] && compopt -o nospace
    return 0
}
complete -F _sbx sbx
)";

static constexpr std::string_view kZsh = R"(#compdef sbx
# zsh completion of sbx; made by `sbx completion zsh`
_sbx() {
    local line text help found=1
    local -a described begun
    while IFS= read -r line; do
        case $line in
            :files) _files && found=0 ;;
            :directories) _files -/ && found=0 ;;
            *)
                text=${line%%$'\t'*}
                help=${line#*$'\t'}
                if [[ $text == *[=:,/] ]]; then
                    begun+=("$text")  # more belongs behind it
                else
                    described+=("${text//:/\\:}:$help")
                fi
                ;;
        esac
    done < <(${words[1]} __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    (( ${#described} )) && _describe -V sbx described && found=0
    (( ${#begun} )) && compadd -S '' -a begun && found=0
    return found
}
if [[ ${funcstack[1]} == _sbx ]]; then
    _sbx  # zsh has loaded this file at the first completion
else
    compdef _sbx sbx
fi
)";

static constexpr std::string_view kFish = R"(# fish completion of sbx; made by `sbx completion fish`
function __sbx_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (sbx __complete -- $words[2..-1] 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path (commandline -ct)
            case ':directories'
                __fish_complete_directories (commandline -ct)
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c sbx -f -a '(__sbx_complete)'
)";

namespace {

struct Script : Command {
    std::string shell;

    void declare(Args& args) override {
        args.operand("SHELL", kShells, shell, "bash, zsh or fish");
        args.example("source <(sbx completion bash)", "In this shell, from now on");
        args.example("sbx completion fish > ~/.config/fish/completions/sbx.fish", "For good");
    }

    Result<int> run(App& app) override {
        if (shell == "bash")
            app.print_raw(kBash);
        else if (shell == "zsh")
            app.print_raw(kZsh);
        else if (shell == "fish")
            app.print_raw(kFish);
        else
            return Error(Error::Kind::usage, "'{}' is not a shell that can be served", shell)
                .hint("bash, zsh and fish are");
        return 0;
    }
};

// Ids where one is begun, and of images that have nothing else.
std::vector<Candidate> image_names(const store::Store& store, const std::string& begun) {
    std::vector<Candidate> names;
    const Result<store::Images> opened = store::Images::open(store);
    if (!opened) return names;
    const Result<std::vector<oci::Reference>> all = opened->all_names();
    if (!all) return names;
    for (const oci::Reference& name : *all) {
        names.push_back({.text = name.familiar()});
        if (!begun.empty() && name.text() != name.familiar())
            names.push_back({.text = name.text()});
    }
    const bool wants_id = !begun.empty() && oci::is_hex(begun);
    for (const store::Image& image : opened->all().value_or(std::vector<store::Image>()))
        if (wants_id || image.names.empty())
            names.push_back({.text = image.id.hex().substr(0, std::max(kShortId, begun.size())),
                             .help = image.names.empty() ? "" : image.names.front().familiar()});
    return names;
}

// What a shell would offer, for a word that it does not see by itself.
std::vector<Candidate> paths(const std::string& begun) {
    std::vector<Candidate> found;
    const std::string folder = begun.substr(0, begun.rfind('/') + 1);
    const os::Fd opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return found;
    for (const std::string& name : os::names_in(opened).value_or(std::vector<std::string>())) {
        const bool hidden = name.starts_with('.') && !begun.substr(folder.size()).starts_with('.');
        if (hidden) continue;
        struct stat status{};
        const bool is_folder =
            ::fstatat(opened.get(), name.c_str(), &status, 0) == 0 && S_ISDIR(status.st_mode);
        found.push_back({.text = folder + name + (is_folder ? "/" : "")});
    }
    return found;
}

std::vector<Candidate> container_names(const store::Store& store, Complete kind) {
    std::vector<Candidate> names;
    const Result<store::Containers> containers = store::Containers::open(store);
    if (!containers) return names;
    const Result<std::vector<std::string>> all = containers->all_names();
    if (!all) return names;
    for (const std::string& name : *all) {
        const Result<std::string> id = containers->resolve(name);
        const bool runs = kind != Complete::containers && id && containers->live(*id);
        if (kind == Complete::running_containers && !runs) continue;
        if (kind == Complete::stopped_containers && runs) continue;
        names.push_back({.text = name});
    }
    return names;
}

std::vector<Candidate> volume_names(const store::Store& store) {
    std::vector<Candidate> names;
    const Result<store::Volumes> volumes = store::Volumes::open(store);
    if (!volumes) return names;
    for (std::string& name : volumes->all_names().value_or(std::vector<std::string>()))
        names.push_back({.text = std::move(name)});
    return names;
}

std::vector<Candidate> pod_names(const store::Store& store) {
    std::vector<Candidate> names;
    const Result<store::Pods> pods = store::Pods::open(store);
    if (!pods) return names;
    for (std::string& name : pods->all_names().value_or(std::vector<std::string>()))
        names.push_back({.text = std::move(name)});
    return names;
}

std::vector<Candidate> secret_names(const store::Store& store) {
    std::vector<Candidate> names;
    const Result<store::Secrets> secrets = store::Secrets::open(store);
    if (!secrets) return names;
    for (std::string& name : secrets->all_names().value_or(std::vector<std::string>()))
        names.push_back({.text = std::move(name)});
    return names;
}

std::vector<Candidate> network_names(const store::Store& store) {
    std::vector<Candidate> names;
    const Result<store::Networks> networks = store::Networks::open(store);
    if (!networks) return names;
    for (std::string& name : networks->all_names().value_or(std::vector<std::string>()))
        names.push_back({.text = std::move(name)});
    return names;
}

std::vector<Candidate> oci_containers(const App& app) {
    std::vector<Candidate> names;
    const Result<runtime::States> states = oci_states(app);
    if (!states) return names;
    for (std::string& id : states->ids().value_or(std::vector<std::string>()))
        names.push_back({.text = std::move(id)});
    return names;
}

struct CompleteCommand : Command {
    std::vector<std::string> words;

    void declare(Args& args) override { args.verbatim("WORDS", words, "What is typed so far"); }

    // Whatever fails, a completion prints nothing: its output goes into somebody's command line.
    Result<int> run(App& app) override {
        if (!words.empty() && words.front() == "--") words.erase(words.begin());
        const LiveValues live = [&](Complete kind, const std::string& begun) {
            if (kind == Complete::oci_containers) return oci_containers(app);
            if (kind == Complete::paths) return paths(begun);
            const Result<const store::Store*> store = app.store();
            if (!store) return std::vector<Candidate>();
            if (kind == Complete::images) return image_names(**store, begun);
            if (kind == Complete::volumes) return volume_names(**store);
            if (kind == Complete::pods) return pod_names(**store);
            if (kind == Complete::secrets) return secret_names(**store);
            if (kind == Complete::networks) return network_names(**store);
            return container_names(**store, kind);
        };
        const Completion completion = complete(words, live);
        for (const Candidate& candidate : completion.candidates)
            app.print_raw(candidate.text + "\t" + candidate.help + "\n");
        if (completion.files) app.print_raw(":files\n");
        if (completion.directories) app.print_raw(":directories\n");
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_completion() { return std::make_unique<Script>(); }
std::unique_ptr<Command> make_complete() { return std::make_unique<CompleteCommand>(); }

}  // namespace sbx::cli
