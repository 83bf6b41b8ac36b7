# What the other scripts begin with: they get the module's folder and a directory of their own, and throw what is not met.
$ErrorActionPreference = 'Stop'

function Expect($Condition, [string]$What) {
    if (-not $Condition) { throw "not met: $What" }
}

function ExpectEqual($Value, $Expected, [string]$What) {
    if ("$Value" -cne "$Expected") { throw "not met: $What is '$Value', not '$Expected'" }
}

$document = Join-Path $directory 'east.yaml'
Set-Content -LiteralPath $document -Value @'
apiVersion: failback/v1
kind: Campaign
metadata: {name: east, labels: {ticket: DR-1}}
spec:
  targets: [{vms: {names: ['*']}}]
  waves: [{name: canary, take: 1, gate: {approval: {by: [test]}}}, {name: rest}]
'@
