# A Windows that the deployment scripts can be run on: services, groups, firewall, registry and access lists are kept in $Windows, which the test
# holds; files are real. Whatever changes something notes it in $Windows.Changes. What the commands refuse, real Windows refuses too.

function Note([string]$what) { [void]$Windows.Changes.Add($what) }

# --- services
function Get-CimInstance {
    param([string]$ClassName, [string]$Filter)
    if ($ClassName -ne 'Win32_Service' -or $Filter -notmatch "^Name='(?<name>\w+)'$") { throw "unexpected query $ClassName $Filter" }
    if ($Windows.Services.ContainsKey($Matches.name)) { $Windows.Services[$Matches.name] }
}

function New-Service {
    param([string]$Name, [string]$BinaryPathName, [string]$StartupType, [string]$DisplayName, [string]$Description)
    if ($Windows.Services.ContainsKey($Name)) { throw "The specified service already exists: $Name" }
    Note "New-Service $Name"
    $Windows.Services[$Name] = [pscustomobject]@{ Name = $Name; PathName = $BinaryPathName; StartName = 'LocalSystem'; State = 'Stopped'; StartMode = $StartupType; Failure = '' }
    $Windows.Services[$Name]
}

function Invoke-CimMethod {
    param($InputObject, [string]$MethodName, [hashtable]$Arguments)
    if ($MethodName -ne 'Change') { throw "unexpected method $MethodName" }
    Note "Change $($InputObject.Name) $(($Arguments.Keys | Sort-Object) -join ' ')"
    if ($Windows.ChangeAnswer -eq 0) {
        if ($Arguments.ContainsKey('PathName')) { $InputObject.PathName = $Arguments.PathName }
        if ($Arguments.ContainsKey('StartName')) { $InputObject.StartName = $Arguments.StartName }
    }

    [pscustomobject]@{ ReturnValue = $Windows.ChangeAnswer }
}

function Start-Service {
    param([string]$Name)
    Note "Start-Service $Name"
    $service = $Windows.Services[$Name]
    if ($Windows.CannotStart -and $service.PathName -like "*$($Windows.CannotStart)*") { throw "Service '$Name' cannot be started." }
    foreach ($right in 'certificates', 'data') {
        if (-not ($Windows.Access.Keys | Where-Object { $_ -like "*$right" })) { throw "Service '$Name' was started before it had access to $right." }
    }

    $service.State = 'Running'
}

function Stop-Service {
    param([string]$Name)
    Note "Stop-Service $Name"
    $Windows.Services[$Name].State = 'Stopped'
}

function sc.exe {
    $global:LASTEXITCODE = 0
    Note "sc.exe $args"
    if (-not $Windows.Services.ContainsKey($args[1])) { $global:LASTEXITCODE = 1060; return 'The specified service does not exist as an installed service.' }
    switch ($args[0]) {
        'failure' { $Windows.Services[$args[1]].Failure = "$($args[5])" }
        'delete' { $Windows.Services.Remove($args[1]) }
        default { throw "unexpected sc.exe $args" }
    }
}

# --- access, groups, firewall
function icacls.exe {
    $global:LASTEXITCODE = 0
    if (-not [IO.Directory]::Exists($args[0])) { $global:LASTEXITCODE = 2; return 'The system cannot find the file specified.' }
    if (($args -match '^NT SERVICE') -and -not $Windows.Services.ContainsKey('HostAgent')) { $global:LASTEXITCODE = 1332; return 'No mapping between account names and security IDs was done.' }
    $before = if ($Windows.Access.ContainsKey($args[0])) { $Windows.Access[$args[0]] } else { '' }
    $after = $args[1..($args.Count - 1)] -join ' '
    if ($before -ne $after) { Note "icacls.exe $($args[0])" }
    $Windows.Access[$args[0]] = $after
}

function Get-LocalGroupMember { param([string]$SID) @($Windows.Groups[$SID]) | ForEach-Object { if ($_) { [pscustomobject]@{ Name = $_ } } } }

function Add-LocalGroupMember {
    param([string]$SID, [string]$Member)
    if (-not $Windows.Services.ContainsKey('HostAgent')) { throw "Principal $Member was not found." }
    if ($Windows.Groups[$SID] -contains $Member) { throw "$Member is already a member of group $SID." }
    Note "Add-LocalGroupMember $Member"
    [void]$Windows.Groups[$SID].Add($Member)
}

function Remove-LocalGroupMember {
    param([string]$SID, [string]$Member)
    if (-not $Windows.Services.ContainsKey('HostAgent')) { throw "Principal $Member was not found." }
    Note "Remove-LocalGroupMember $Member"
    [void]$Windows.Groups[$SID].Remove($Member)
}

function Get-NetFirewallRule {
    [CmdletBinding()]
    param([string]$Name)
    if ($Windows.FirewallRules.ContainsKey($Name)) { return $Windows.FirewallRules[$Name] }
    if ($ErrorActionPreference -ne 'SilentlyContinue') { throw "No MSFT_NetFirewallRule objects found with property 'InstanceID' equal to '$Name'." }
}

function Get-NetFirewallPortFilter { process { [pscustomobject]@{ LocalPort = $_.LocalPort } } }

function Get-NetFirewallAddressFilter { process { [pscustomobject]@{ RemoteAddress = $_.RemoteAddress } } }

function New-NetFirewallRule {
    param([string]$Name, [string]$DisplayName, [string]$Direction, [string]$Action, [string]$Protocol, [string]$Service, [string]$LocalPort, [string[]]$RemoteAddress)
    if ($Windows.FirewallRules.ContainsKey($Name)) { throw "Cannot create a file when that file already exists: $Name" }
    Note "New-NetFirewallRule $Name"
    $Windows.FirewallRules[$Name] = [pscustomobject]@{ Direction = $Direction; Action = $Action; Protocol = $Protocol; Service = $Service; LocalPort = $LocalPort; RemoteAddress = $RemoteAddress }
}

function Set-NetFirewallRule {
    param([string]$Name, [string]$LocalPort, [string[]]$RemoteAddress)
    Note "Set-NetFirewallRule $Name"
    $Windows.FirewallRules[$Name].LocalPort = $LocalPort
    $Windows.FirewallRules[$Name].RemoteAddress = $RemoteAddress
}

function Remove-NetFirewallRule {
    param([string]$Name)
    Note "Remove-NetFirewallRule $Name"
    $Windows.FirewallRules.Remove($Name)
}

# --- registry (HKLM:) and files
function IsRegistry([string]$path) { $path.StartsWith('HKLM:') }

function Test-Path { param([string]$LiteralPath) if (IsRegistry $LiteralPath) { $Windows.Registry.ContainsKey($LiteralPath) } else { [IO.Directory]::Exists($LiteralPath) -or [IO.File]::Exists($LiteralPath) } }

function New-Item {
    param([string]$ItemType, [string]$Path, [switch]$Force)
    Note "New-Item $Path"
    if (IsRegistry $Path) { $Windows.Registry[$Path] = @{} } else { [IO.Directory]::CreateDirectory($Path) }
}

function Get-ItemProperty { param([string]$LiteralPath) [pscustomobject]$Windows.Registry[$LiteralPath] }

function Set-ItemProperty {
    param([string]$LiteralPath, [string]$Name, $Value)
    Note "Set-ItemProperty $LiteralPath $Name"
    $Windows.Registry[$LiteralPath][$Name] = $Value
}

function Remove-Item {
    param([string]$LiteralPath, [switch]$Recurse, [switch]$Force)
    Note "Remove-Item $LiteralPath"
    if (IsRegistry $LiteralPath) { $Windows.Registry.Remove($LiteralPath) } else { [IO.Directory]::Delete($LiteralPath, $true) }
}

function Rename-Item {
    param([string]$LiteralPath, [string]$NewName)
    Note "Rename-Item $LiteralPath"
    [IO.Directory]::Move($LiteralPath, [IO.Path]::Combine([IO.Path]::GetDirectoryName($LiteralPath), $NewName))
}

function Get-ChildItem { param([string]$LiteralPath) [IO.DirectoryInfo]::new($LiteralPath).GetFileSystemInfos() }

function Copy-Item {
    param([Parameter(ValueFromPipeline)]$InputObject, [string]$LiteralPath, [string]$Destination, [switch]$Recurse, [switch]$Force)
    process {
        $from = if ($InputObject) { $InputObject.FullName } else { $LiteralPath }
        Note "Copy-Item $from"
        $to = if ([IO.Directory]::Exists($Destination)) { [IO.Path]::Combine($Destination, [IO.Path]::GetFileName($from)) } else { $Destination }
        [IO.File]::Copy($from, $to, $true)
    }
}

function Join-Path { param([string]$Path, [string]$ChildPath) [IO.Path]::Combine($Path, $ChildPath) }

function Convert-Path { param([string]$LiteralPath) [IO.Path]::GetFullPath($LiteralPath) }

# --- what the engine alone does not bring along
function Sort-Object { $items = @($input); [Array]::Sort($items); $items }

function ConvertTo-Json { process { [System.Text.Json.JsonSerializer]::Serialize($_, [System.Text.Json.JsonSerializerOptions]@{ WriteIndented = $true }) } }

# Time passes when somebody waits, and only then.
function Start-Sleep { param([int]$Seconds) $Windows.Waited += $Seconds }

function Get-Date { [DateTime]::UnixEpoch.AddSeconds($Windows.Waited) }
