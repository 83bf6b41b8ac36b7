# What the three scripts share: where things are, and one function for each thing that Windows knows about the agent.
# Dot-sourced, not a module: only so do -WhatIf, -Confirm and -Verbose of a script reach the functions.
# Each function looks first and changes only what differs, and returns the words for what it has changed.

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# The service's name is also that of its account, NT SERVICE\HostAgent, which Windows makes and which has no password.
$ServiceName = 'HostAgent'
$ServiceAccount = "NT SERVICE\$ServiceName"
$FirewallRuleName = 'HostAgent-gRPC-In'
$EventSourceKey = "HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\$ServiceName"

# Groups and accounts by their identifiers: their names differ from language to language.
$HyperVAdministrators = 'S-1-5-32-578'
$System = '*S-1-5-18'
$Administrators = '*S-1-5-32-544'

function Get-AgentLayout {
    param([Parameter(Mandatory)][string]$InstallRoot, [Parameter(Mandatory)][string]$DataRoot)
    [pscustomobject]@{
        InstallRoot  = $InstallRoot
        Versions     = Join-Path $InstallRoot 'versions'
        DataRoot     = $DataRoot
        Settings     = Join-Path $DataRoot 'agent.json'
        Journal      = Join-Path $DataRoot 'data'
        Certificates = Join-Path $DataRoot 'certificates'
    }
}

function Invoke-Tool {
    # Runs a program of Windows and turns its exit code into an error.
    param([Parameter(Mandatory)][string]$Name, [Parameter(Mandatory)][string[]]$Arguments)
    $output = & $Name @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "$Name $($Arguments -join ' ') ended with exit code ${LASTEXITCODE}: $($output -join ' ')"
    }
}

function Get-AgentBuild {
    # The version of a published agent: the folder's name when it is installed.
    param([Parameter(Mandatory)][string]$Source)
    foreach ($file in 'HostAgent.Agent.exe', 'HostAgent.Agent.dll') {
        if (-not (Test-Path -LiteralPath (Join-Path $Source $file))) {
            throw "Source is '$Source', which has no $file; it must be the folder of a published agent (dotnet publish src/Agent -r win-x64 --self-contained)."
        }
    }

    $version = [System.Diagnostics.FileVersionInfo]::GetVersionInfo((Join-Path $Source 'HostAgent.Agent.dll')).ProductVersion
    [pscustomobject]@{ Source = $Source; Version = ($version -split '\+')[0] }
}

function Copy-AgentBuild {
    # Beside what is there, never over it: the running version stays whole. A copy that was cut off is not taken for a version.
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)]$Build, [Parameter(Mandatory)]$Layout)
    $target = Join-Path $Layout.Versions $Build.Version
    if (Test-Path -LiteralPath $target) { return }
    if ($PSCmdlet.ShouldProcess($target, "copy the agent $($Build.Version)")) {
        $partial = "$target.partial"
        if (Test-Path -LiteralPath $partial) { Remove-Item -LiteralPath $partial -Recurse -Force }
        New-Item -ItemType Directory -Path $partial -Force | Out-Null
        Get-ChildItem -LiteralPath $Build.Source | Copy-Item -Destination $partial -Recurse
        Rename-Item -LiteralPath $partial -NewName $Build.Version
        "copied version $($Build.Version)"
    }
}

function Get-AgentCommandLine {
    param([Parameter(Mandatory)][string]$Version, [Parameter(Mandatory)]$Layout)
    $exe = Join-Path (Join-Path $Layout.Versions $Version) 'HostAgent.Agent.exe'
    "`"$exe`" --settings `"$($Layout.Settings)`""
}

function Get-AgentService {
    Get-CimInstance -ClassName Win32_Service -Filter "Name='$ServiceName'"
}

function Get-InstalledVersion {
    # The version that the service starts, from its command line; empty when there is no service.
    $service = Get-AgentService
    if ($service -and $service.PathName -match '[\\/]versions[\\/](?<version>[^\\/]+)[\\/]HostAgent\.Agent\.exe') { $Matches.version } else { '' }
}

function Set-AgentService {
    # Creates the service, or mends what differs: its command line, its account, what happens when it dies.
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)][string]$CommandLine)
    $service = Get-AgentService
    if (-not $service) {
        if (-not $PSCmdlet.ShouldProcess($ServiceName, "create the service: $CommandLine")) { return }
        New-Service -Name $ServiceName -BinaryPathName $CommandLine -StartupType Automatic -DisplayName 'Hyper-V failback agent' `
            -Description 'Carries out failbacks of Hyper-V replicas on this host, each at most once, for the failback coordinator.' | Out-Null
        # The host keeps what the agent does; the agent takes it up again. So it may always be started again.
        Invoke-Tool 'sc.exe' @('failure', $ServiceName, 'reset=', '86400', 'actions=', 'restart/1000/restart/5000/restart/30000')
        'created the service'
        $service = Get-AgentService
    }

    $change = @{}
    if ($service.PathName -ne $CommandLine) { $change.PathName = $CommandLine }
    if ($service.StartName -ne $ServiceAccount) { $change.StartName = $ServiceAccount; $change.StartPassword = '' }
    if ($change.Count -gt 0 -and $PSCmdlet.ShouldProcess($ServiceName, "set $(($change.Keys | Where-Object { $_ -ne 'StartPassword' }) -join ' and ')")) {
        $answer = Invoke-CimMethod -InputObject $service -MethodName Change -Arguments $change
        if ($answer.ReturnValue -ne 0) {
            throw "Win32_Service.Change of $ServiceName answered $($answer.ReturnValue) for $(($change.Keys | Where-Object { $_ -ne 'StartPassword' }) -join ' and ')."
        }

        'set the service'
    }
}

function Set-AgentAccess {
    # Full for the system and administrators, for the service what it needs, nothing for anyone else: ProgramData lets every user create files.
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)][string]$Path, [Parameter(Mandatory)][ValidateSet('RX', 'M')][string]$Service)
    if ($PSCmdlet.ShouldProcess($Path, "give $ServiceAccount $Service, the system and administrators everything, all others nothing")) {
        Invoke-Tool 'icacls.exe' @($Path, '/inheritance:r', '/grant:r', "${System}:(OI)(CI)F", "${Administrators}:(OI)(CI)F", "${ServiceAccount}:(OI)(CI)$Service", '/Q')
    }
}

function New-AgentDirectory {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)][string]$Path)
    if ((Test-Path -LiteralPath $Path) -or -not $PSCmdlet.ShouldProcess($Path, 'create the directory')) { return }
    New-Item -ItemType Directory -Path $Path -Force | Out-Null
    "created $Path"
}

function Add-AgentToHyperVAdministrators {
    # The least that may call Msvm_ReplicationService: not Administrators.
    [CmdletBinding(SupportsShouldProcess)]
    param()
    if (Get-LocalGroupMember -SID $HyperVAdministrators | Where-Object { $_.Name -eq $ServiceAccount }) { return }
    if ($PSCmdlet.ShouldProcess($ServiceAccount, 'add to Hyper-V Administrators')) {
        Add-LocalGroupMember -SID $HyperVAdministrators -Member $ServiceAccount
        'added the service to Hyper-V Administrators'
    }
}

function Set-AgentFirewallRule {
    # For this service alone, on this port alone, from the named addresses alone.
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)][int]$Port, [Parameter(Mandatory)][string[]]$RemoteAddress)
    $wanted = @{ LocalPort = "$Port"; RemoteAddress = $RemoteAddress }
    $rule = Get-NetFirewallRule -Name $FirewallRuleName -ErrorAction SilentlyContinue
    if (-not $rule) {
        if (-not $PSCmdlet.ShouldProcess($FirewallRuleName, "allow TCP $Port from $($RemoteAddress -join ', ')")) { return }
        New-NetFirewallRule -Name $FirewallRuleName -DisplayName 'Hyper-V failback agent (gRPC)' -Direction Inbound -Action Allow `
            -Protocol TCP -Service $ServiceName @wanted | Out-Null
        return 'created the firewall rule'
    }

    $allowedPort = @(($rule | Get-NetFirewallPortFilter).LocalPort)
    $allowedFrom = @(($rule | Get-NetFirewallAddressFilter).RemoteAddress)
    if (("$allowedPort" -eq "$Port") -and ("$($allowedFrom | Sort-Object)" -eq "$($RemoteAddress | Sort-Object)")) { return }
    if ($PSCmdlet.ShouldProcess($FirewallRuleName, "allow TCP $Port from $($RemoteAddress -join ', ')")) {
        Set-NetFirewallRule -Name $FirewallRuleName @wanted
        'set the firewall rule'
    }
}

function Register-AgentEventSource {
    # Without a registered source the service account could not write to the Application log.
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)][string]$VersionDirectory)
    $messages = Join-Path $VersionDirectory 'System.Diagnostics.EventLog.Messages.dll'
    if ((Test-Path -LiteralPath $EventSourceKey) -and (Get-ItemProperty -LiteralPath $EventSourceKey).EventMessageFile -eq $messages) { return }
    if ($PSCmdlet.ShouldProcess($EventSourceKey, 'register the event source')) {
        if (-not (Test-Path -LiteralPath $EventSourceKey)) { New-Item -Path $EventSourceKey -Force | Out-Null }
        Set-ItemProperty -LiteralPath $EventSourceKey -Name EventMessageFile -Value $messages
        Set-ItemProperty -LiteralPath $EventSourceKey -Name TypesSupported -Value 7
        'registered the event source'
    }
}

function Assert-AgentFitsHost {
    # The agent does everything short of listening, with the settings it would have, and changes nothing. What keeps it from its work is an error.
    [CmdletBinding()]
    param([Parameter(Mandatory)][string]$Source, [Parameter(Mandatory)][string[]]$Settings)
    # Windows PowerShell would make an error of the first line on standard error.
    $ErrorActionPreference = 'Continue'
    $said = @(& (Join-Path $Source 'HostAgent.Agent.exe') inspect @Settings 2>&1 | ForEach-Object { "$_" })
    $good = $LASTEXITCODE -eq 0
    $said -like 'WARNING *' | ForEach-Object { $PSCmdlet.WriteWarning(($_ -replace '^WARNING +')) }
    if ($good) { return }
    $failed = @($said -like 'FAILED *')
    # Wrong settings are told without a level.
    throw "The agent could not do its work on this host; nothing was changed. $(($(if ($failed) { $failed } else { $said })) -join ' ')"
}

function Test-AgentServes {
    # The agent asks itself through its own port, over mutual TLS: a service that merely runs may still be deaf.
    param([Parameter(Mandatory)][string]$Version, [Parameter(Mandatory)]$Layout, [Parameter(Mandatory)][int]$Seconds)
    $exe = Join-Path (Join-Path $Layout.Versions $Version) 'HostAgent.Agent.exe'
    # Windows PowerShell would make an error of the first line on standard error.
    $ErrorActionPreference = 'Continue'
    $until = (Get-Date).AddSeconds($Seconds)
    do {
        $said = & $exe check --settings $Layout.Settings 2>&1
        if ($LASTEXITCODE -eq 0) { return [pscustomobject]@{ Serves = $true; Said = "$said" } }
        Start-Sleep -Seconds 1
    } while ((Get-Date) -lt $until)
    [pscustomobject]@{ Serves = $false; Said = "$said" }
}

function Remove-OldVersions {
    # The version that runs and the one before it stay: one to run, one to go back to.
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)]$Layout, [Parameter(Mandatory)][string[]]$Keep)
    foreach ($folder in @(Get-ChildItem -LiteralPath $Layout.Versions | Where-Object { $Keep -notcontains $_.Name })) {
        if ($PSCmdlet.ShouldProcess($folder.FullName, 'remove the old version')) {
            Remove-Item -LiteralPath $folder.FullName -Recurse -Force
            "removed version $($folder.Name)"
        }
    }
}
