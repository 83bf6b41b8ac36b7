<#
.SYNOPSIS
    Removes the agent from a host.
.DESCRIPTION
    Failbacks that run go on: they are the host's. The journal, the settings and the certificates stay unless -RemoveData says otherwise: an
    agent that is installed again with its journal still knows what it has begun, one without it does not.
.PARAMETER RemoveData
    Also removes the journal, the settings and the private key.
.PARAMETER InstallRoot
    Where the versions of the agent are kept.
.PARAMETER DataRoot
    Where the journal, the settings and the certificates are kept.
.EXAMPLE
    .\Uninstall-HostAgent.ps1
#>

#Requires -Version 5.1
#Requires -RunAsAdministrator

[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [switch]$RemoveData,
    [string]$InstallRoot = "$env:ProgramFiles\HostAgent",
    [string]$DataRoot = "$env:ProgramData\HostAgent"
)

. (Join-Path $PSScriptRoot 'HostAgent.Deployment.ps1')

$changes = @()
$service = Get-AgentService
if ($service -and $PSCmdlet.ShouldProcess($ServiceName, 'stop and remove the service')) {
    if ($service.State -ne 'Stopped') { Stop-Service -Name $ServiceName }
    # While the account still has a name.
    if (Get-LocalGroupMember -SID $HyperVAdministrators | Where-Object { $_.Name -eq $ServiceAccount }) {
        Remove-LocalGroupMember -SID $HyperVAdministrators -Member $ServiceAccount
        $changes += 'removed the service from Hyper-V Administrators'
    }

    Invoke-Tool 'sc.exe' @('delete', $ServiceName)
    $changes += 'removed the service'
}

if ((Get-NetFirewallRule -Name $FirewallRuleName -ErrorAction SilentlyContinue) -and $PSCmdlet.ShouldProcess($FirewallRuleName, 'remove the firewall rule')) {
    Remove-NetFirewallRule -Name $FirewallRuleName
    $changes += 'removed the firewall rule'
}

$folders = @($EventSourceKey, $InstallRoot)
if ($RemoveData) { $folders += $DataRoot }
foreach ($folder in $folders) {
    if ((Test-Path -LiteralPath $folder) -and $PSCmdlet.ShouldProcess($folder, 'remove')) {
        Remove-Item -LiteralPath $folder -Recurse -Force
        $changes += "removed $folder"
    }
}

[pscustomobject]@{ Changes = $changes }
