#include "cli/container_clone.h"

#include "cli/containers.h"
#include "cli/resource_options.h"
#include "cli/start.h"
#include "container/clone.h"
#include "container/end.h"

namespace sbx::cli {

namespace {

struct ContainerClone : Command {
    container::ResourceOptions limits;
    std::string name;
    bool destroy = false;
    bool force = false;
    bool run_it = false;
    std::string original;
    std::string second_name;

    void declare(Args& args) override {
        args.option("--name", "NAME", name, "Name of the clone; that of the other and -clone");
        args.flag("--destroy", destroy, "Remove the other container once there is the clone");
        args.flag("-f,--force", force, "With --destroy, kill it where it runs");
        args.flag("--run", run_it, "Start the clone");
        declare_resources(args, limits);
        args.operand("CONTAINER", original, "Name or id", Complete::containers);
        args.optional_operand("NAME", second_name, "Name of the clone, as --name gives it");
        args.example("sbx container clone --memory 2g --run web", "Try it with more memory");
    }

    Result<int> run(App& app) override {
        if (force && !destroy) return Error(Error::Kind::usage, "--force goes with --destroy");
        if (!name.empty() && !second_name.empty())
            return Error(Error::Kind::usage, "two names are given for the clone");
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(original));
        if (destroy && !force && (containers.live(id) || containers.keeper(id)))
            return Error(Error::Kind::busy, "container '{}' is running", original)
                .hint("--force kills it");
        const std::string clone = TRY(make(app, *store, id), "cannot clone '{}'", original);
        app.print(clone);  // whatever becomes of the rest, it is there
        if (destroy) TRY(remove(app, *store, id), "cannot remove '{}'", original);
        if (run_it) TRY(start_container(app, clone), "cannot start the clone '{}'", clone);
        return 0;
    }

    // Its id.
    Result<std::string> make(App& app, const store::Store& store, const std::string& id) const {
        const store::Containers containers = TRY(store::Containers::open(store));
        const sandbox::Host* host = TRY(app.host());
        const os::Lock images = TRY(store.lock(os::Share::shared));  // its image stays
        const container::Blueprint other = TRY(container::read_blueprint(containers, id));
        if (other.record.is_infra)
            return Error(Error::Kind::unsupported, "it is the infra of a pod, which has one");
        container::Blueprint clone =
            container::clone_of(other, chosen_name(other.record.name, containers), store);
        TRY(store::check_object_name("container", clone.record.name));
        oci::Resources& resources = clone.request.spec.resources;
        resources = TRY(container::compose_resources(limits, resources));
        container::Life life(store, *host, std::move(clone));
        for (const std::string& warning : TRY(life.plan()).warnings)
            app.warn(warning);
        TRY(life.create());
        return life.id();
    }

    std::string chosen_name(const std::string& other, const store::Containers& containers) const {
        if (!name.empty()) return name;
        return second_name.empty() ? container::name_for_clone(other, containers) : second_name;
    }

    Result<> remove(App& app, const store::Store& store, const std::string& id) const {
        const os::IdMap ids = TRY(app.ids());
        Result<> removed = container::remove(store, id, ids,
                                             force ? container::Force::kill : container::Force::no);
        if (removed.failed_as(Error::Kind::not_found)) return {};  // it went with its end
        return removed;
    }
};

}  // namespace

std::unique_ptr<Command> make_container_clone() { return std::make_unique<ContainerClone>(); }

}  // namespace sbx::cli
