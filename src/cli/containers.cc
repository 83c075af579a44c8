#include "cli/containers.h"

#include "base/text.h"
#include "container/compose.h"
#include "os/file.h"
#include "store/images.h"

namespace sbx::cli {

Result<std::optional<store::Image>> image_for(App& app, const RunOptions& options) {
    if (options.rootfs) return std::optional<store::Image>();
    const store::Store* store = TRY(app.store());
    const store::Images images = TRY(store::Images::open(*store));
    return std::optional(TRY(images.find(options.image)));
}

static Result<std::string> absolute_folder(const std::string& path) {
    char* whole = ::realpath(path.c_str(), nullptr);
    if (!whole) return Error::from_errno(errno, "root file system '{}'", path);
    std::string result = whole;
    ::free(whole);
    return result;
}

Result<Prepared> prepare(App& app, RunOptions& options) {
    TRY(options.check());
    if (!options.container.detach_keys) options.container.detach_keys = app.config().detach_keys;
    const store::Store* store = TRY(app.store());
    const sandbox::Host* host = TRY(app.host());
    if (options.rootfs) options.container.rootfs = TRY(absolute_folder(options.image));
    const std::optional<store::Image> image = TRY(image_for(app, options));
    os::Lock lock = TRY(store->lock(os::Share::shared));
    container::Blueprint blueprint =
        TRY(container::compose(options.container, image, surroundings(), *store));
    blueprint.record.image_name = options.image;
    for (const std::string& warning : blueprint.warnings)
        app.warn(warning);
    return Prepared{.life = container::Life(*store, *host, std::move(blueprint)),
                    .image_lock = std::move(lock)};
}

Result<> write_cidfile(const std::string& path, const std::string& id) {
    if (path.empty()) return {};
    const os::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!file) return Error::from_errno(errno, "--cidfile {}", path);
    return os::write_all(file, id);
}

Result<int> for_each_name(App& app, const std::vector<std::string>& names,
                          const std::function<Result<>(const std::string& name)>& action) {
    int status = 0;
    for (const std::string& name : names) {
        const Result<> done = action(name);
        if (done) continue;
        status = 125;
        app.complain(done.error());
    }
    return status;
}

}  // namespace sbx::cli
