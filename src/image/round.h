// One turn of bringing layers: all that is missing and that no other process is bringing.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "image/arrival.h"

namespace sbx::image {

class Round {
public:
    static Result<Round> open(Source& source, const Workshop& workshop);
    Round(Round&&) noexcept = default;
    Round& operator=(Round&&) = delete;
    ~Round();  // stops what is under way, and takes away what is not published

    // Passes over a blob that another process is bringing.
    Result<> begin(const Arrival::Want& want);
    bool empty() const { return arrivals_.empty(); }

    // Until all of it is there and has been checked, or the first failure.
    Result<> wait();

    // Gives blobs and layers their places, once they would outlive a power cut.
    Result<> publish();

private:
    Round(Source& source, const Workshop& workshop, store::Staging staging)
        : source_(&source), workshop_(&workshop), staging_(std::move(staging)) {}

    Result<> begin_tree(Arrival& arrival);
    Result<> check(Arrival& arrival);
    Result<> fail(Arrival& arrival, Error failure);  // never succeeds
    Result<> drop(Arrival& arrival);

    Source* source_;
    const Workshop* workshop_;
    store::Staging staging_;
    std::unique_ptr<Unpacker> unpacker_ = {};
    std::vector<std::unique_ptr<Arrival>> arrivals_ = {};
};

}  // namespace sbx::image
