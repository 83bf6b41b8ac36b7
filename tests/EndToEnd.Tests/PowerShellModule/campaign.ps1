param([string]$Module, [string]$directory)
. (Join-Path $PSScriptRoot 'expect.ps1')
Import-Module $Module

ExpectEqual (@(Test-FailbackConnection | Where-Object Result -ne ok) | Out-String) '' 'what is not well'
ExpectEqual @(Get-FailbackHost | Where-Object Reachability -eq REACHABLE).Count 2 'hosts that answer'
$machine = Get-FailbackHost | Get-FailbackVM | Select-Object -First 1
Expect $machine.HostName 'a machine knows its host'
Expect ($machine | Test-FailbackVM).Ready 'the machine is ready'
ExpectEqual @((Measure-FailbackCampaign $document -AssumeRate 200MiB/s).Items).Count 4 'planned items'

New-FailbackCampaign $document -WhatIf
ExpectEqual @(Get-FailbackCampaign).Count 0 'campaigns after -WhatIf'
$created = New-FailbackCampaign (Join-Path . 'east.yaml')
ExpectEqual $created.PSObject.TypeNames[0] 'Failback.Campaign' 'the type'
ExpectEqual $created.State 'READY' 'the state'
Expect ($created.CreateTime -is [datetime] -and $created.CreateTime.Kind -eq 'Utc') 'times are UTC times'
ExpectEqual (Get-FailbackCampaign ea*).Labels.ticket 'DR-1' 'a label'

# The coordinator judges what is only tried.
$said = Get-FailbackCampaign | Start-FailbackCampaign -WhatIf 6>&1 | Out-String
ExpectEqual (Get-FailbackCampaign east).State 'READY' 'the state after -WhatIf'
$refused = $null
Suspend-FailbackCampaign east -WhatIf -ErrorAction SilentlyContinue -ErrorVariable refused
Expect ("$refused" -match 'READY') 'what would be refused is refused'

ExpectEqual (Start-FailbackCampaign east).State 'RUNNING' 'the state'
$deadline = [datetime]::UtcNow.AddSeconds(60)
while (@((Get-FailbackCampaign east).Waves | Where-Object State -eq AT_GATE).Count -eq 0) {
    Expect ([datetime]::UtcNow -lt $deadline) 'the wave comes to its gate'
    Start-Sleep -Milliseconds 100
}
$stuck = @(Get-FailbackCampaign -Stuck)
ExpectEqual $stuck.Count 1 'stuck campaigns'
ExpectEqual $stuck[0].Waits[0].Code 'GATE' 'what it waits for'
ExpectEqual @(Get-FailbackReason east | Where-Object NeedsPerson).Count 1 'reasons that need a person'
ExpectEqual @(Approve-FailbackWave east canary -Comment 'it boots' -Confirm:$false).Count 1 'answers to the approval'
$ended = 'east' | ForEach-Object { [pscustomobject]@{ Name = $_ } } | Wait-FailbackCampaign -Timeout 60
ExpectEqual $ended.State 'COMPLETED' 'how it ended'
ExpectEqual @(Get-FailbackItem east -State SUCCEEDED).Count 4 'items that succeeded'
Expect (@(Watch-FailbackCampaign east).Count -gt 0) 'a watch has updates'

$report = $ended | Export-FailbackReport -Path report.html
Expect ($report.Length -gt 1000) 'the report has content'
$audit = Export-FailbackAudit east -Path audit.jsonl
ExpectEqual $audit.Head.Length 64 'the length of the head'
Expect (Test-FailbackAudit audit.jsonl -Head $audit.Head).Intact 'the audit is intact'
(Get-Content audit.jsonl) -replace 'it boots', 'it rots' | Set-Content changed.jsonl
Expect (-not (Test-FailbackAudit changed.jsonl).Intact) 'a changed audit is not'

Get-FailbackCampaign | Remove-FailbackCampaign -Confirm:$false
ExpectEqual @(Get-FailbackCampaign).Count 0 'campaigns at the end'
'all met'
