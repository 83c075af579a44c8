#include "network/http_head.h"
#include "spoken_fuzz.h"

void sbx::fuzz::one(std::string_view text) { judge_alike(text, network::name_in_http_head); }
