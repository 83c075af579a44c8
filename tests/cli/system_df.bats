load ../support/sbx

@test "system df shows what takes space, as docker does" {
  have bb app
  sbx create --name box -v data:/d localhost/bb
  sbx run --rm -v data:/d localhost/bb sh -c 'head -c 3000000 /dev/zero >/d/big; mkdir -m 700 /d/own; chown 5:5 /d/own'
  run -0 sbx system df
  [[ ${lines[0]} == 'TYPE '*'TOTAL  ACTIVE  SIZE '*'RECLAIMABLE' ]]
  [[ ${lines[1]} =~ ^Images' '+2' '+1 ]]
  [[ ${lines[2]} =~ ^Containers' '+1' '+0 ]]
  [[ ${lines[3]} =~ ^'Local Volumes'' '+1' '+1 ]]
  run -0 sbx system df --format '{{.Type}} {{.RawSize}} {{.RawReclaimable}}'
  [[ ${lines[2]} =~ ^'Local Volumes '3[0-9]{6}' 0' ]]
  sbx rm box
  run -0 sbx system df --format '{{.Type}} {{.Reclaimable}}'
  [[ ${lines[0]} == Images*'(100%)' ]]
  [[ ${lines[2]} == 'Local Volumes 3'*'(100%)' ]]
}

@test "there may be nothing" {
  run -0 sbx system df --format '{{.Type}}|{{.Total}}|{{.Size}}|{{.Reclaimable}}'
  [[ ${lines[0]} == 'Images|0|0'*'(0%)' ]]
}

@test "a layer that two images have counts once" {
  have bb
  local before
  before=$(sbx system df --format '{{.RawSize}}' | head -1)
  sbx tag localhost/bb localhost/again
  run -0 sbx system df --format '{{.RawSize}}'
  [ "${lines[0]}" = "$before" ]
}

@test "system df -v shows each" {
  have bb
  sbx create --name box -v data:/d localhost/bb
  run -0 sbx system df -v
  assert_contains 'Images space usage:'
  assert_contains localhost/bb
  assert_contains 'Containers space usage:'
  assert_contains box
  assert_contains 'Local Volumes space usage:'
  [[ ${lines[-1]} =~ ^data' '+1' ' ]]
  run -125 sbx system df -v --format json
}

@test "a program reads it as JSON" {
  run -0 bash -c '"$SBX_PROGRAM" system df --format json | python3 -c "import json, sys; print([one[\"Type\"] for one in json.load(sys.stdin)])"'
  assert_output "['Images', 'Containers', 'Local Volumes']"
}
