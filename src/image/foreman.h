// The process between the one who asks for layers and the workers that unpack them.
#pragma once

#include <list>

#include "base/error.h"
#include "image/unpack_layer.h"
#include "os/poll.h"
#include "os/process.h"

namespace sbx::image {

class Foreman {
public:
    Foreman(os::FdView line, os::FdView staging, Ownership ownership);

    Result<> run();  // until the caller is gone

private:
    struct Worker {
        std::uint32_t number;
        os::Process process;
        os::Fd answer;
    };

    Result<> hear();
    Result<> start_next();
    Result<> start(LayerJob job);
    Result<> ended(std::uint32_t number);
    void abandon(std::uint32_t number);

    os::FdView line_;
    os::FdView staging_;
    Ownership ownership_;
    std::size_t most_workers_;
    bool caller_gone_ = false;
    os::Poll poll_;
    std::list<LayerJob> waiting_;
    std::list<Worker> workers_;
};

}  // namespace sbx::image
