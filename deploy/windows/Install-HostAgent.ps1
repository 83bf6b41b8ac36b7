<#
.SYNOPSIS
    Installs the failback agent on a Hyper-V host as a Windows service, or brings an installation back to what is asked for.
.DESCRIPTION
    The service runs as NT SERVICE\HostAgent, a member of Hyper-V Administrators and of nothing else. May be run again at any time: it changes
    only what differs and says what that was. Settings that an operator has edited are kept. Before anything is changed, the agent itself looks
    whether it could do its work on this host, also with -WhatIf.
.PARAMETER Source
    The folder of a published agent.
.PARAMETER CertificatePath
    The agent's certificate, PEM; its role is agent, its name this host's.
.PARAMETER PrivateKeyPath
    The certificate's private key, PEM. It is copied to where only the service, the system and administrators can read it.
.PARAMETER AuthorityPath
    The authority that issues every peer's certificate, PEM.
.PARAMETER CoordinatorAddress
    The addresses from which the agent may be called: those of the coordinators, and of those who call an agent directly.
.PARAMETER Port
    The port to listen on, 1 to 65535.
.PARAMETER AllowTls12
    Speaks TLS 1.2 beside TLS 1.3, which Windows Server 2016 and 2019 do not have. For settings that are written; those that are there are kept.
.PARAMETER HealthTimeoutSeconds
    How long the agent may take until it serves, 1 to 600.
.PARAMETER InstallRoot
    Where the versions of the agent are kept.
.PARAMETER DataRoot
    Where the journal, the settings and the certificates are kept.
.EXAMPLE
    .\Install-HostAgent.ps1 -Source .\agent -CertificatePath .\hv-01.pem -PrivateKeyPath .\hv-01-key.pem -AuthorityPath .\ca.pem -CoordinatorAddress 10.0.0.5
#>

#Requires -Version 5.1
#Requires -RunAsAdministrator

[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)][string]$Source,
    [Parameter(Mandatory)][string]$CertificatePath,
    [Parameter(Mandatory)][string]$PrivateKeyPath,
    [Parameter(Mandatory)][string]$AuthorityPath,
    [Parameter(Mandatory)][string[]]$CoordinatorAddress,
    [ValidateRange(1, 65535)][int]$Port = 7443,
    [switch]$AllowTls12,
    [string]$InstallRoot = "$env:ProgramFiles\HostAgent",
    [string]$DataRoot = "$env:ProgramData\HostAgent",
    [ValidateRange(1, 600)][int]$HealthTimeoutSeconds = 60
)

. (Join-Path $PSScriptRoot 'HostAgent.Deployment.ps1')

$layout = Get-AgentLayout -InstallRoot $InstallRoot -DataRoot $DataRoot
$build = Get-AgentBuild -Source $Source
$installed = Get-InstalledVersion
if ($installed -and $installed -ne $build.Version) {
    throw "Version $installed is installed; use Update-HostAgent.ps1 to go to $($build.Version), which can go back if the new version does not serve."
}

$files = [ordered]@{ 'agent.pem' = $CertificatePath; 'agent-key.pem' = $PrivateKeyPath; 'ca.pem' = $AuthorityPath }
foreach ($path in $files.Values) {
    if (-not (Test-Path -LiteralPath $path)) { throw "'$path' does not exist; it must be the path of a PEM file." }
}

# The operator's settings where there are some, with the files that are about to be installed.
$place = if (Test-Path -LiteralPath $layout.Settings) { '--settings', $layout.Settings } else { '--listen', "0.0.0.0:$Port", '--data', $layout.Journal }
if ($AllowTls12 -and $place[0] -ne '--settings') { $place += '--allow-tls12', 'true' }
Assert-AgentFitsHost -Source $Source -Settings ($place + @(
        '--certificate', (Convert-Path -LiteralPath $CertificatePath)
        '--private-key', (Convert-Path -LiteralPath $PrivateKeyPath)
        '--authority', (Convert-Path -LiteralPath $AuthorityPath)))

$changes = @()
$changes += Copy-AgentBuild -Build $build -Layout $layout
# The service first: its account exists from then on, and is given its rights before it is started.
$changes += Set-AgentService -CommandLine (Get-AgentCommandLine -Version $build.Version -Layout $layout)
foreach ($directory in $layout.DataRoot, $layout.Journal, $layout.Certificates) {
    $changes += New-AgentDirectory -Path $directory
}

Set-AgentAccess -Path $layout.DataRoot -Service RX
Set-AgentAccess -Path $layout.Journal -Service M
Set-AgentAccess -Path $layout.Certificates -Service RX

foreach ($name in $files.Keys) {
    $target = Join-Path $layout.Certificates $name
    $same = (Test-Path -LiteralPath $target) -and ([IO.File]::ReadAllText($target) -ceq [IO.File]::ReadAllText((Convert-Path -LiteralPath $files[$name])))
    if (-not $same -and $PSCmdlet.ShouldProcess($target, "copy $($files[$name])")) {
        Copy-Item -LiteralPath $files[$name] -Destination $target -Force
        $changes += "copied $name"
    }
}

if (-not (Test-Path -LiteralPath $layout.Settings) -and $PSCmdlet.ShouldProcess($layout.Settings, 'write the settings')) {
    $settings = [ordered]@{
        HostAgent = [ordered]@{
            Listen          = "0.0.0.0:$Port"
            Data            = $layout.Journal
            CertificatePath = Join-Path $layout.Certificates 'agent.pem'
            PrivateKeyPath  = Join-Path $layout.Certificates 'agent-key.pem'
            AuthorityPath   = Join-Path $layout.Certificates 'ca.pem'
        }
    }
    if ($AllowTls12) { $settings.HostAgent.AllowTls12 = $true }
    [IO.File]::WriteAllText($layout.Settings, ($settings | ConvertTo-Json))
    $changes += 'wrote the settings'
}

$changes += Add-AgentToHyperVAdministrators
$changes += Set-AgentFirewallRule -Port $Port -RemoteAddress $CoordinatorAddress
$changes += Register-AgentEventSource -VersionDirectory (Join-Path $layout.Versions $build.Version)
$changes = @($changes | Where-Object { $_ })

$service = Get-AgentService
if ($service -and $PSCmdlet.ShouldProcess($ServiceName, 'start the service and ask it whether it serves')) {
    if ($changes.Count -gt 0 -and $service.State -eq 'Running') {
        # Groups, certificates and settings are read at the start.
        Stop-Service -Name $ServiceName
    }

    if ((Get-AgentService).State -ne 'Running') {
        Start-Service -Name $ServiceName
        $changes += 'started the service'
    }

    $health = Test-AgentServes -Version $build.Version -Layout $layout -Seconds $HealthTimeoutSeconds
    if (-not $health.Serves) {
        throw "The agent $($build.Version) is installed but does not serve after $HealthTimeoutSeconds s: $($health.Said) See the Application event log, source $ServiceName."
    }
}

[pscustomobject]@{ Version = $build.Version; Settings = $layout.Settings; Changes = $changes }
