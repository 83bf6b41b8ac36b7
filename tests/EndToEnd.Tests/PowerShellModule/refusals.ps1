param([string]$Module, [string]$directory)
. (Join-Path $PSScriptRoot 'expect.ps1')
Import-Module $Module
$null = New-FailbackCampaign $document

$refusals = $null
$started = 'nowhere', 'east' | ForEach-Object { [pscustomobject]@{ Name = $_ } } | Start-FailbackCampaign -ErrorAction SilentlyContinue -ErrorVariable refusals
ExpectEqual $started.Name 'campaigns/east' 'what was started'
$refusal = @($refusals | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })[-1]
ExpectEqual $refusal.TargetObject 'nowhere' 'the target of the error'
Expect ($refusal.FullyQualifiedErrorId -like 'Failback.ExitCode1*') "the id of the error, $($refusal.FullyQualifiedErrorId)"
ExpectEqual $refusal.Exception.Data['ExitCode'] 1 'the exit code'

foreach ($reason in @('say "no" \ and\" stop; $(rm)', 'ends with \', '', '  ', '--dry-run', "it's")) {
    $null = Suspend-FailbackCampaign east -Reason $reason
    $null = Resume-FailbackCampaign east
    $null = Export-FailbackAudit east -Path audit.jsonl
    $recorded = (@(Get-Content audit.jsonl | ConvertFrom-Json | Where-Object { $_.PSObject.Properties['action'] -and $_.action -eq 'PauseCampaign' })[-1].details | ConvertFrom-Json)
    $told = if ($recorded.PSObject.Properties['reason']) { $recorded.reason } else { '' }
    ExpectEqual $told $reason 'the reason that arrived'
}

$message = ''
try { Get-FailbackHost -Context nowhere } catch { $message = "$_" }
Expect ($message -match 'there is no context "nowhere"') "the error of an unknown context, '$message'"
$message = ''
try { New-FailbackCampaign nothing.yaml -ErrorAction Stop } catch { $message = "$_" }
Expect ($message -match 'nothing.yaml') "the error of a missing file, '$message'"
'all met'
