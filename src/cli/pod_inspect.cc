#include "cli/pod_inspect.h"

#include "cli/inspect.h"
#include "cli/pods.h"

namespace sbx::cli {

namespace {

struct PodInspect : Command {
    bool latest = false;
    std::string format;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.option("-f,--format", "TEMPLATE", format,
                    "Show each by a Go template, or as \"json\"");
        args.flag("-l,--latest", latest, "The pod made last");
        args.optional_operands("POD", names, "Name or id", Complete::pods);
        args.example("sbx pod inspect --format '{{.State}}' web", "One field");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        if (names.empty() || latest) {
            const std::string name = names.empty() ? "" : names.front();
            names = {TRY(find_one_pod(app, name, latest)).pod.id};
        }
        const os::IdMap ids = TRY(app.ids());
        return show_documents(app, names, format, [&](const std::string& name) -> Result<Json> {
            const container::ListedPod pod = TRY(container::find_pod(*store, ids, name));
            return container::inspect_pod(*store, pod);
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_inspect() { return std::make_unique<PodInspect>(); }

}  // namespace sbx::cli
