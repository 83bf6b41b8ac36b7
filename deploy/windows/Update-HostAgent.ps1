<#
.SYNOPSIS
    Takes an installed agent to another version, and back when the new one does not serve.
.DESCRIPTION
    The new version is copied beside the old one, the service is stopped, pointed at it and started, and the agent must answer its own health
    check over mutual TLS. If it does not, the service is pointed back, and the script fails. Failbacks that run on the host are not touched by
    any of it: the agent takes them up again from its journal. The journal itself is never put back to a copy from before the update: it would
    have forgotten what was begun since.
.PARAMETER Source
    The folder of the published agent to go to.
.PARAMETER HealthTimeoutSeconds
    How long an agent may take until it serves, 1 to 600.
.PARAMETER InstallRoot
    Where the versions of the agent are kept.
.PARAMETER DataRoot
    Where the journal, the settings and the certificates are kept.
.EXAMPLE
    .\Update-HostAgent.ps1 -Source .\agent-1.1.0
#>

#Requires -Version 5.1
#Requires -RunAsAdministrator

[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)][string]$Source,
    [string]$InstallRoot = "$env:ProgramFiles\HostAgent",
    [string]$DataRoot = "$env:ProgramData\HostAgent",
    [ValidateRange(1, 600)][int]$HealthTimeoutSeconds = 60
)

. (Join-Path $PSScriptRoot 'HostAgent.Deployment.ps1')

function Switch-AgentVersion {
    # Stops the service, lets it start another version, and reports whether that one serves.
    param([Parameter(Mandatory)][string]$Version)
    Stop-Service -Name $ServiceName
    Set-AgentService -CommandLine (Get-AgentCommandLine -Version $Version -Layout $layout) | Out-Null
    Register-AgentEventSource -VersionDirectory (Join-Path $layout.Versions $Version) | Out-Null
    try {
        Start-Service -Name $ServiceName
    }
    catch {
        return [pscustomobject]@{ Serves = $false; Said = "$_" }
    }

    Test-AgentServes -Version $Version -Layout $layout -Seconds $HealthTimeoutSeconds
}

$layout = Get-AgentLayout -InstallRoot $InstallRoot -DataRoot $DataRoot
$build = Get-AgentBuild -Source $Source
$before = Get-InstalledVersion
if (-not $before) { throw 'No agent is installed on this host; use Install-HostAgent.ps1.' }
if ($before -eq $build.Version) {
    return [pscustomobject]@{ Version = $before; Before = $before; Changes = @() }
}

$changes = @(Copy-AgentBuild -Build $build -Layout $layout)
if ($PSCmdlet.ShouldProcess($ServiceName, "go from version $before to $($build.Version)")) {
    $health = Switch-AgentVersion -Version $build.Version
    if (-not $health.Serves) {
        $back = Switch-AgentVersion -Version $before
        $now = if ($back.Serves) { "Version $before serves again." } else { "VERSION $before DOES NOT SERVE EITHER: $($back.Said)" }
        throw "Version $($build.Version) did not serve within $HealthTimeoutSeconds s: $($health.Said) $now"
    }

    $changes += "went from $before to $($build.Version)"
    $changes += Remove-OldVersions -Layout $layout -Keep $before, $build.Version
}

[pscustomobject]@{ Version = $build.Version; Before = $before; Changes = @($changes | Where-Object { $_ }) }
