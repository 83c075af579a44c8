#include "cli/wait.h"

#include "cli/containers.h"
#include "container/end.h"

namespace sbx::cli {

namespace {

struct Wait : Command {
    bool ignore = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.flag("-i,--ignore", ignore, "Print -1 for containers that do not exist");
        args.operands("CONTAINER", names, "Name or id", Complete::running_containers);
        args.example("sbx wait box", "Wait for a container's end, and print its exit code");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            const Result<std::string> id = containers.resolve(name);
            if (ignore && id.failed_as(Error::Kind::not_found)) {
                app.print("-1");
                return app.flush();
            }
            app.print(fmt::format("{}", TRY(code(*store, name), "cannot wait for '{}'", name)));
            return app.flush();
        });
    }

    static Result<int> code(const store::Store& store, const std::string& name) {
        const store::Containers containers = TRY(store::Containers::open(store));
        const std::string id = TRY(containers.resolve(name));
        return container::wait_for_end(store, id);
    }
};

}  // namespace

std::unique_ptr<Command> make_wait() { return std::make_unique<Wait>(); }

}  // namespace sbx::cli
