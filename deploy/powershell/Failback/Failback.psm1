# Failback campaigns as PowerShell objects, over the program "failback" (its --output json is a contract; a process of its own shares no assemblies with
# other modules). Runs in Windows PowerShell 5.1 and PowerShell 7. Where the coordinator is and who calls are the program's own settings:
# the context file (Failback context commands, -Context NAME) or the variables FAILBACK_COORDINATOR, FAILBACK_CERTIFICATE, ...

Set-StrictMode -Version 2.0

# ---- the program ------------------------------------------------------------------------------------------------------------------------------

function Get-FailbackProgram {
    if ($env:FAILBACK_PROGRAM) { return $env:FAILBACK_PROGRAM }
    $found = Get-Command -Name 'failback' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $found) { throw 'The program failback is not on PATH. Put it there, or set FAILBACK_PROGRAM to its path.' }
    $found.Source
}

function ConvertTo-Argument {
    # The rule by which a Windows program splits its command line; .NET on other systems splits the same way.
    param([Parameter(Mandatory)][AllowEmptyString()][string]$Text)
    if ($Text -ne '' -and $Text -notmatch '[\s"]') { return $Text }
    $escaped = [regex]::Replace($Text, '(\\*)"', '$1$1\"')
    '"' + [regex]::Replace($escaped, '(\\+)$', '$1$1') + '"'
}

function ConvertTo-FailbackName {
    param([string]$Name)
    -join ($Name.Split('_') | ForEach-Object { if ($_.Length -gt 0) { $_.Substring(0, 1).ToUpperInvariant() + $_.Substring(1) } })
}

# Fields whose words stand behind the name of their list: CAMPAIGN_STATE_RUNNING is Running's longer name.
$WordFields = @('state', 'reachability', 'pause_cause', 'power_state', 'replication_state', 'replication_health', 'severity', 'result')
$WordPrefix = '^(?:[A-Z]+_)*?(?:STATE|REACHABILITY|CAUSE|HEALTH|SEVERITY|RESULT)_'

function ConvertTo-FailbackObject {
    # Names as PowerShell has them, times as times, words without the name of their list.
    param($Value, [string]$Field = '', [string]$TypeName = '')
    if ($null -eq $Value) { return $null }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        $properties = [ordered]@{}
        $isMap = $Field -eq 'labels'
        foreach ($property in $Value.PSObject.Properties) {
            $name = if ($isMap) { $property.Name } else { ConvertTo-FailbackName $property.Name }
            $properties[$name] = ConvertTo-FailbackObject -Value $property.Value -Field $property.Name
        }
        $object = [pscustomobject]$properties
        if ($TypeName) { $object.PSObject.TypeNames.Insert(0, $TypeName) }
        return $object
    }
    if ($Value -is [array]) { return , @($Value | ForEach-Object { ConvertTo-FailbackObject -Value $_ }) }
    if ($Value -is [datetime]) { return $Value.ToUniversalTime() }
    if ($Value -is [string]) {
        if ($Field -like '*_time' -and $Value -match '^\d{4}-\d\d-\d\dT') {
            return [datetime]::Parse($Value, [cultureinfo]::InvariantCulture, [System.Globalization.DateTimeStyles]'AdjustToUniversal, AssumeUniversal')
        }
        if ($WordFields -contains $Field) { return ($Value -creplace $WordPrefix, '') }
    }
    $Value
}

function Invoke-Failback {
    # Runs the program and gives each line of its output as an object. Ends with a terminating error unless the exit code is allowed.
    param([Parameter(Mandatory)][string[]]$Arguments, [string]$Context = '', [string]$TypeName = '', [int[]]$Allowed = @(0), [switch]$AsText)
    $all = @($Arguments)
    if (-not $AsText) { $all += @('--output', 'json') }
    if ($Context) { $all += @('--context', $Context) }
    $start = New-Object System.Diagnostics.ProcessStartInfo
    $start.FileName = Get-FailbackProgram
    $start.Arguments = ($all | ForEach-Object { ConvertTo-Argument $_ }) -join ' '
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = New-Object System.Text.UTF8Encoding $false
    $start.StandardErrorEncoding = $start.StandardOutputEncoding
    $process = [System.Diagnostics.Process]::Start($start)
    $ended = $false
    try {
        $remarks = $process.StandardError.ReadToEndAsync()
        while ($null -ne ($line = $process.StandardOutput.ReadLine())) {
            if ($AsText) { $line }
            elseif ($line) { ConvertTo-FailbackObject -Value ($line | ConvertFrom-Json) -TypeName $TypeName }
        }
        $process.WaitForExit()
        $ended = $true
        foreach ($remark in ($remarks.Result -split "`r?`n" | Where-Object { $_ })) {
            if ($Allowed -contains $process.ExitCode) { Write-Verbose $remark }
        }
        if ($Allowed -notcontains $process.ExitCode) {
            # Where a change goes is a remark, and no part of why it was refused.
            $message = @($remarks.Result.Trim() -split "`r?`n" | Where-Object { $_ -notmatch '^Context \S+, \S+\.$' }) -join ' '
            if (-not $message) { $message = "failback $($Arguments -join ' ') ended with exit code $($process.ExitCode)." }
            $exception = New-Object System.InvalidOperationException $message
            $exception.Data['ExitCode'] = $process.ExitCode
            $category = switch ($process.ExitCode) { 2 { 'InvalidArgument' } 3 { 'ConnectionError' } default { 'InvalidOperation' } }
            throw (New-Object System.Management.Automation.ErrorRecord $exception, "Failback.ExitCode$($process.ExitCode)", $category, $null)
        }
    }
    finally {
        # A pipeline that has enough stops a watch: the campaign goes on.
        if (-not $ended -and -not $process.HasExited) { $process.Kill() }
        $process.Dispose()
    }
}

function Get-FailbackId {
    # campaigns/east/items/x: what follows a word of the path.
    param([string]$Name, [string]$Word)
    if ($Name -match "(?:^|/)$Word/([^/]+)") { return $Matches[1] }
    $Name
}

function Invoke-FailbackChange {
    # Asks ShouldProcess, then runs. With -WhatIf the coordinator judges the call and changes nothing; what it would refuse is an error here too.
    param($Cmdlet, [string]$Target, [string]$Action, [string[]]$Arguments, [string]$Context, [string]$TypeName, [switch]$HasNoDryRun)
    try {
        if ($WhatIfPreference -and -not $HasNoDryRun) {
            $would = @(Invoke-Failback -Arguments ($Arguments + '--dry-run') -Context $Context) | ForEach-Object {
                if ($_.PSObject.Properties['Items']) { $_.Items } else { $_ }
            } | ForEach-Object { '{0} is {1}: {2}' -f $_.Name, $_.State, $_.Explanation }
            $null = $Cmdlet.ShouldProcess("$Action on target ""$Target"": $($would -join ' ')", '', '')
            return
        }
        if ($Cmdlet.ShouldProcess($Target, $Action)) {
            Invoke-Failback -Arguments $Arguments -Context $Context -TypeName $TypeName
        }
    }
    catch {
        # One of many objects of a pipeline: the others are still to be done.
        $record = New-Object System.Management.Automation.ErrorRecord $_.Exception, $_.FullyQualifiedErrorId.Split(',')[0], $_.CategoryInfo.Category, $Target
        $Cmdlet.WriteError($record)
    }
}

function Add-Reason {
    param([string[]]$Arguments, [string]$Reason, [string]$Option = '--reason')
    if ($Reason) { return $Arguments + @($Option, $Reason) }
    $Arguments
}

# ---- looking ----------------------------------------------------------------------------------------------------------------------------------

function Get-FailbackCampaign {
    <#
    .SYNOPSIS
    Gets campaigns, newest first, or one by its name.
    .PARAMETER Name
    The campaign: return-to-east or campaigns/return-to-east. Wildcards are allowed.
    .PARAMETER State
    Only campaigns in one of these states, for example RUNNING.
    .PARAMETER Stuck
    Only campaigns that wait for a person; each has Waits, the reasons and the commands that free it.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackCampaign -State RUNNING, PAUSED | Format-Table Name, State, Explanation
    #>
    [CmdletBinding()]
    [OutputType('Failback.Campaign')]
    param([Parameter(Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [string[]]$State, [switch]$Stuck, [string]$Context)
    process {
        if ($Stuck) {
            $answer = Invoke-Failback -Arguments @('campaign', 'list', '--stuck') -Context $Context -Allowed 0, 1
            foreach ($one in $answer.Stuck) {
                $campaign = $one.Campaign
                $campaign.PSObject.TypeNames.Insert(0, 'Failback.Campaign')
                Add-Member -InputObject $campaign -NotePropertyName Waits -NotePropertyValue $one.Waits.Reasons
                $campaign
            }
            return
        }
        $exact = @($Name | Where-Object { $_ -and -not [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($_) })
        if ($Name -and $exact.Count -eq @($Name).Count) {
            foreach ($one in $Name) {
                try { Invoke-Failback -Arguments @('campaign', 'show', $one) -Context $Context -TypeName 'Failback.Campaign' }
                catch { $PSCmdlet.WriteError($_) }
            }
            return
        }
        $arguments = @('campaign', 'list')
        foreach ($word in $State) { $arguments += @('--state', $word) }
        $list = Invoke-Failback -Arguments $arguments -Context $Context
        foreach ($campaign in $list.Campaigns) {
            $id = Get-FailbackId $campaign.Name 'campaigns'
            if (-not $Name -or @($Name | Where-Object { $id -like (Get-FailbackId $_ 'campaigns') }).Count -gt 0) {
                $campaign.PSObject.TypeNames.Insert(0, 'Failback.Campaign')
                $campaign
            }
        }
    }
}

function Get-FailbackItem {
    <#
    .SYNOPSIS
    Gets the items of a campaign: one for each virtual machine.
    .PARAMETER Campaign
    The campaign; takes campaigns from the pipeline.
    .PARAMETER State
    Only items in one of these states, for example FAILED.
    .PARAMETER Wave
    Only items of this wave.
    .PARAMETER HostName
    Only items on this host.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackItem return-to-east -State FAILED | Restart-FailbackItem -Reason 'the disk is there again'
    #>
    [CmdletBinding()]
    [OutputType('Failback.Item')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('Name')][string[]]$Campaign, [string[]]$State, [string]$Wave, [string]$HostName, [string]$Context)
    process {
        foreach ($one in $Campaign) {
            $arguments = @('campaign', 'show', $one, '--items')
            foreach ($word in $State) { $arguments += @('--state', $word) }
            if ($Wave) { $arguments += @('--wave', $Wave) }
            if ($HostName) { $arguments += @('--host', $HostName) }
            try {
                foreach ($item in (Invoke-Failback -Arguments $arguments -Context $Context).Items) {
                    $item.PSObject.TypeNames.Insert(0, 'Failback.Item')
                    $item
                }
            }
            catch { $PSCmdlet.WriteError($_) }
        }
    }
}

function Get-FailbackReason {
    <#
    .SYNOPSIS
    Gets the reasons why items of a campaign do not move, with what frees them.
    .PARAMETER Campaign
    The campaign; takes campaigns from the pipeline.
    .PARAMETER Item
    The id of the only item to explain.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackReason return-to-east | Where-Object NeedsPerson
    #>
    [CmdletBinding()]
    [OutputType('Failback.Reason')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('Name')][string]$Campaign, [string]$Item, [string]$Context)
    process {
        $arguments = @('campaign', 'explain', $Campaign)
        if ($Item) { $arguments += $Item }
        foreach ($reason in (Invoke-Failback -Arguments $arguments -Context $Context).Reasons) {
            $reason.PSObject.TypeNames.Insert(0, 'Failback.Reason')
            $reason
        }
    }
}

function Get-FailbackHost {
    <#
    .SYNOPSIS
    Gets the hosts of the inventory as they were last seen, or one as it is now.
    .PARAMETER Name
    The host; asked now. Without it all hosts, none of which is asked.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackHost | Where-Object Reachability -eq UNREACHABLE
    #>
    [CmdletBinding()]
    [OutputType('Failback.Host')]
    param([Parameter(Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [string]$Context)
    process {
        if (-not $Name) {
            foreach ($found in (Invoke-Failback -Arguments @('host', 'list') -Context $Context).Hosts) {
                $found.PSObject.TypeNames.Insert(0, 'Failback.Host')
                $found
            }
        }
        foreach ($one in $Name) {
            try { Invoke-Failback -Arguments @('host', 'show', $one) -Context $Context -TypeName 'Failback.Host' -Allowed 0, 1 }
            catch { $PSCmdlet.WriteError($_) }
        }
    }
}

function Get-FailbackVM {
    <#
    .SYNOPSIS
    Gets the virtual machines of a host, asked now.
    .PARAMETER HostName
    The host; takes hosts from the pipeline.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackVM hv-west-01 | Where-Object { -not $_.Eligible }
    #>
    [CmdletBinding()]
    [OutputType('Failback.VM')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('Name')][string[]]$HostName, [string]$Context)
    process {
        foreach ($one in $HostName) {
            try {
                foreach ($machine in (Invoke-Failback -Arguments @('host', 'vms', $one) -Context $Context).VirtualMachines) {
                    $machine.PSObject.TypeNames.Insert(0, 'Failback.VM')
                    Add-Member -InputObject $machine -NotePropertyName HostName -NotePropertyValue (Get-FailbackId $one 'hosts')
                    $machine
                }
            }
            catch { $PSCmdlet.WriteError($_) }
        }
    }
}

function Test-FailbackVM {
    <#
    .SYNOPSIS
    Makes every readiness check of one virtual machine now.
    .PARAMETER HostName
    The host.
    .PARAMETER VMId
    The machine, by its GUID or its name; takes Get-VM's and Get-FailbackVM's machines from the pipeline.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-VM -ComputerName hv-west-01 | Test-FailbackVM | Where-Object { -not $_.Ready }
    #>
    [CmdletBinding()]
    [OutputType('Failback.Readiness')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('ComputerName')][string]$HostName,
        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)][Alias('Id')][string]$VMId, [string]$Context)
    process {
        try { Invoke-Failback -Arguments @('host', 'check', $HostName, $VMId) -Context $Context -TypeName 'Failback.Readiness' -Allowed 0, 1 }
        catch { $PSCmdlet.WriteError($_) }
    }
}

function Test-FailbackConnection {
    <#
    .SYNOPSIS
    Checks the way from here to the hosts: settings, certificates, clocks, versions, the coordinator's store, every host.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Test-FailbackConnection | Where-Object Result -ne ok
    #>
    [CmdletBinding()]
    [OutputType('Failback.Check')]
    param([string]$Context)
    foreach ($check in (Invoke-Failback -Arguments @('doctor') -Context $Context -Allowed 0, 1).Checks) {
        $check.PSObject.TypeNames.Insert(0, 'Failback.Check')
        $check
    }
}

function Measure-FailbackCampaign {
    <#
    .SYNOPSIS
    Plans a document against the hosts as they are, and forecasts how long it takes. Stores nothing.
    .PARAMETER Path
    The campaign's document, YAML or JSON.
    .PARAMETER AssumeRate
    The rate of copies that have none measured, for example 100MiB/s..300MiB/s.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    (Measure-FailbackCampaign return-to-east.yaml -AssumeRate 200MiB/s).Forecast
    #>
    [CmdletBinding()]
    [OutputType('Failback.Plan')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('FullName')][string]$Path, [string]$AssumeRate, [string]$Context)
    process {
        $arguments = @('campaign', 'plan', (Resolve-FailbackPath $Path), '--forecast')
        if ($AssumeRate) { $arguments += @('--assume-rate', $AssumeRate) }
        Invoke-Failback -Arguments $arguments -Context $Context -TypeName 'Failback.Plan' -Allowed 0, 1
    }
}

function Resolve-FailbackPath {
    # The program has the process's directory, which is not PowerShell's.
    param([string]$Path)
    $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}

# ---- campaigns --------------------------------------------------------------------------------------------------------------------------------

function New-FailbackCampaign {
    <#
    .SYNOPSIS
    Checks, plans and stores a campaign from its document. Starts it only with -Start.
    .PARAMETER Path
    The document, YAML or JSON.
    .PARAMETER Name
    The campaign's name; that of the document by default.
    .PARAMETER AcceptWarnings
    Stores it although hosts, machines, waves or dependencies of the document match nothing.
    .PARAMETER Start
    Starts it at once.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    New-FailbackCampaign return-to-east.yaml | Start-FailbackCampaign
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('FullName')][string]$Path, [string]$Name, [switch]$AcceptWarnings, [switch]$Start, [string]$Context)
    process {
        $file = Resolve-FailbackPath $Path
        $arguments = @('campaign', 'create', $file)
        if ($Name) { $arguments += @('--id', $Name) }
        if ($AcceptWarnings) { $arguments += '--accept-warnings' }
        if ($Start) { $arguments += '--start' }
        if ($WhatIfPreference) {
            # A plan is what storing it would give.
            try {
                $plan = Invoke-Failback -Arguments @('campaign', 'plan', $file) -Context $Context -Allowed 0, 1
                $null = $PSCmdlet.ShouldProcess("Store a campaign of $(@($plan.Items).Count) virtual machines on target ""$Path"", with $(@($plan.Warnings).Count) warnings", '', '')
            }
            catch { $PSCmdlet.WriteError($_) }
            return
        }
        Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $Path -Action 'Store a campaign' -Arguments $arguments -Context $Context -TypeName 'Failback.Campaign' -HasNoDryRun
    }
}

function Set-FailbackCampaign {
    <#
    .SYNOPSIS
    Replaces the document of a campaign that has not started, and plans it again.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER Path
    The new document.
    .PARAMETER AcceptWarnings
    Stores it although parts of the document match nothing.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Set-FailbackCampaign return-to-east -Path return-to-east.yaml
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string]$Name, [Parameter(Mandatory, Position = 1)][string]$Path, [switch]$AcceptWarnings, [string]$Context)
    process {
        $arguments = @('campaign', 'update', $Name, (Resolve-FailbackPath $Path))
        if ($AcceptWarnings) { $arguments += '--accept-warnings' }
        Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $Name -Action 'Replace the document' -Arguments $arguments -Context $Context -TypeName 'Failback.Campaign' -HasNoDryRun
    }
}

function Start-FailbackCampaign {
    <#
    .SYNOPSIS
    Starts a campaign now, or at a time.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER At
    When to start; now by default.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Start-FailbackCampaign return-to-east -WhatIf
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [System.Nullable[datetimeoffset]]$At, [string]$Context)
    process {
        foreach ($one in $Name) {
            $arguments = @('campaign', 'start', $one)
            if ($null -ne $At) { $arguments += @('--at', $At.ToString('yyyy-MM-ddTHH:mm:sszzz', [cultureinfo]::InvariantCulture)) }
            Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $one -Action 'Start' -Arguments $arguments -Context $Context -TypeName 'Failback.Campaign'
        }
    }
}

function Suspend-FailbackCampaign {
    <#
    .SYNOPSIS
    Pauses a campaign: nothing more starts; running items continue.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER Reason
    Why; kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Suspend-FailbackCampaign return-to-east -Reason 'the link is full'
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [string]$Reason, [string]$Context)
    process {
        foreach ($one in $Name) {
            Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $one -Action 'Pause' -Arguments (Add-Reason @('campaign', 'pause', $one) $Reason) -Context $Context -TypeName 'Failback.Campaign'
        }
    }
}

function Resume-FailbackCampaign {
    <#
    .SYNOPSIS
    Starts items of a paused campaign again.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER Reason
    Why; kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackCampaign -State PAUSED | Resume-FailbackCampaign
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [string]$Reason, [string]$Context)
    process {
        foreach ($one in $Name) {
            Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $one -Action 'Resume' -Arguments (Add-Reason @('campaign', 'resume', $one) $Reason) -Context $Context -TypeName 'Failback.Campaign'
        }
    }
}

function Stop-FailbackCampaign {
    <#
    .SYNOPSIS
    Ends a campaign: nothing new starts, running items are followed to their end. It cannot be resumed.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER TakeBack
    Host to host: machines whose outage is under way go back to where production ran.
    .PARAMETER Reason
    Why; kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Stop-FailbackCampaign return-to-east -Reason 'wrong weekend'
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [switch]$TakeBack, [string]$Reason, [string]$Context)
    process {
        foreach ($one in $Name) {
            $arguments = Add-Reason @('campaign', 'stop', $one) $Reason
            if ($TakeBack) { $arguments += '--take-back' }
            Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $one -Action 'Stop' -Arguments $arguments -Context $Context -TypeName 'Failback.Campaign'
        }
    }
}

function Remove-FailbackCampaign {
    <#
    .SYNOPSIS
    Deletes a campaign that has ended or never started. Its audit stays.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackCampaign -Name test-* | Remove-FailbackCampaign
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [string]$Context)
    process {
        foreach ($one in $Name) {
            $id = Get-FailbackId $one 'campaigns'
            $null = Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $one -Action 'Delete' -Arguments @('campaign', 'delete', $id, '--confirm', $id) -Context $Context -HasNoDryRun
        }
    }
}

function Watch-FailbackCampaign {
    <#
    .SYNOPSIS
    Gives each change of a campaign as an object until it ends: the campaign, or the items that have changed.
    .PARAMETER Name
    The campaign.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Watch-FailbackCampaign return-to-east | ForEach-Object { $_.Items } | Where-Object State -eq FAILED
    #>
    [CmdletBinding()]
    [OutputType('Failback.Update')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string]$Name, [string]$Context)
    process { Invoke-Failback -Arguments @('campaign', 'watch', $Name) -Context $Context -TypeName 'Failback.Update' -Allowed 0, 1 }
}

function Wait-FailbackCampaign {
    <#
    .SYNOPSIS
    Waits until a campaign has ended, with its progress shown, and gives it. With -Timeout it gives up with an error; the campaign goes on.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER Timeout
    The longest wait, in seconds; without it there is none.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Start-FailbackCampaign return-to-east | Wait-FailbackCampaign -Timeout 3600
    #>
    [CmdletBinding()]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string]$Name, [int]$Timeout = 0, [string]$Context)
    process {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        do {
            $campaign = Invoke-Failback -Arguments @('campaign', 'show', $Name) -Context $Context -TypeName 'Failback.Campaign'
            $counts = $campaign.Counts
            $done = [int]$counts.Succeeded + [int]$counts.SucceededWithWarnings + [int]$counts.Failed + [int]$counts.Cancelled + [int]$counts.Skipped + [int]$counts.UnknownOutcome
            $percent = if ([int]$counts.Total -gt 0) { [Math]::Min(100, [int](100 * $done / [int]$counts.Total)) } else { 0 }
            if ($campaign.PSObject.Properties['EndTime'] -and $campaign.EndTime) {
                Write-Progress -Activity $Name -Completed
                return $campaign
            }
            Write-Progress -Activity $Name -Status "$($campaign.State): $($campaign.Explanation)" -PercentComplete $percent
            if ($Timeout -gt 0 -and $watch.Elapsed.TotalSeconds -ge $Timeout) {
                $exception = New-Object System.TimeoutException "$Name is $($campaign.State) after $Timeout seconds: $($campaign.Explanation)"
                $PSCmdlet.WriteError((New-Object System.Management.Automation.ErrorRecord $exception, 'Failback.Timeout', 'OperationTimeout', $Name))
                return
            }
            Start-Sleep -Milliseconds 1000
        } while ($true)
    }
}

# ---- waves and items --------------------------------------------------------------------------------------------------------------------------

function Approve-FailbackWave {
    <#
    .SYNOPSIS
    Approves the gate of a wave, as one of its approvers.
    .PARAMETER Campaign
    The campaign.
    .PARAMETER Wave
    The wave.
    .PARAMETER Comment
    Kept in the audit.
    .PARAMETER WayBack
    Planned drills: approves the outages of the way back, and nothing else.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Approve-FailbackWave return-to-east databases -Comment 'the users are told'
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0)][string]$Campaign, [Parameter(Mandatory, Position = 1)][string]$Wave, [string]$Comment, [switch]$WayBack, [string]$Context)
    $arguments = Add-Reason @('campaign', 'approve', $Campaign, $Wave) $Comment '--comment'
    if ($WayBack) { $arguments += '--way-back' }
    Invoke-FailbackChange -Cmdlet $PSCmdlet -Target "$Campaign, wave $Wave" -Action 'Approve' -Arguments $arguments -Context $Context -TypeName 'Failback.Campaign'
}

function Deny-FailbackWave {
    <#
    .SYNOPSIS
    Rejects the gate of a wave: the campaign pauses until the gate is approved.
    .PARAMETER Campaign
    The campaign.
    .PARAMETER Wave
    The wave.
    .PARAMETER Comment
    Kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Deny-FailbackWave return-to-east databases -Comment 'not tonight'
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0)][string]$Campaign, [Parameter(Mandatory, Position = 1)][string]$Wave, [string]$Comment, [string]$Context)
    Invoke-FailbackChange -Cmdlet $PSCmdlet -Target "$Campaign, wave $Wave" -Action 'Reject' -Arguments (Add-Reason @('campaign', 'reject', $Campaign, $Wave) $Comment '--comment') -Context $Context -TypeName 'Failback.Campaign'
}

function Complete-FailbackSoak {
    <#
    .SYNOPSIS
    Ends what soaks in a wave before its time: its gate, and the machines of a planned drill that are at the recovery site now.
    .PARAMETER Campaign
    The campaign.
    .PARAMETER Wave
    The wave.
    .PARAMETER Comment
    Kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Complete-FailbackSoak return-to-east databases -Comment 'seen enough'
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType('Failback.Campaign')]
    param([Parameter(Mandatory, Position = 0)][string]$Campaign, [Parameter(Mandatory, Position = 1)][string]$Wave, [string]$Comment, [string]$Context)
    Invoke-FailbackChange -Cmdlet $PSCmdlet -Target "$Campaign, wave $Wave" -Action 'End the soak' -Arguments (Add-Reason @('campaign', 'end-soak', $Campaign, $Wave) $Comment '--comment') -Context $Context -TypeName 'Failback.Campaign'
}

function Restart-FailbackItem {
    <#
    .SYNOPSIS
    Starts a new attempt at items that failed, were cancelled or were skipped.
    .PARAMETER Name
    The items, campaigns/CAMPAIGN/items/ITEM; takes Get-FailbackItem's items from the pipeline. Those of one campaign are retried together.
    .PARAMETER Reason
    Why; kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackItem return-to-east -State FAILED | Restart-FailbackItem
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Failback.Item')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [string]$Reason, [string]$Context)
    begin { $byCampaign = [ordered]@{} }
    process {
        foreach ($one in $Name) {
            $campaign = Get-FailbackId $one 'campaigns'
            if (-not $byCampaign.Contains($campaign)) { $byCampaign[$campaign] = @() }
            $byCampaign[$campaign] += Get-FailbackId $one 'items'
        }
    }
    end {
        foreach ($campaign in @($byCampaign.Keys)) {
            $arguments = Add-Reason (@('campaign', 'retry', $campaign) + $byCampaign[$campaign]) $Reason
            $answer = Invoke-FailbackChange -Cmdlet $PSCmdlet -Target "$campaign, $($byCampaign[$campaign].Count) items" -Action 'Retry' -Arguments $arguments -Context $Context
            if ($answer) { $answer.Items }
        }
    }
}

function Skip-FailbackItem {
    <#
    .SYNOPSIS
    Leaves out an item that has not started.
    .PARAMETER Name
    The item, campaigns/CAMPAIGN/items/ITEM; takes Get-FailbackItem's items from the pipeline.
    .PARAMETER Reason
    Why; kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Get-FailbackItem return-to-east | Where-Object VirtualMachineName -like test-* | Skip-FailbackItem
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Failback.Item')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [string]$Reason, [string]$Context)
    process {
        foreach ($one in $Name) {
            Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $one -Action 'Skip' -Arguments (Add-Reason @('campaign', 'skip', (Get-FailbackId $one 'campaigns'), (Get-FailbackId $one 'items')) $Reason) -Context $Context -TypeName 'Failback.Item'
        }
    }
}

function Confirm-FailbackItem {
    <#
    .SYNOPSIS
    Records what a person has found out about an item whose outcome is unknown.
    .PARAMETER Name
    The item, campaigns/CAMPAIGN/items/ITEM; takes Get-FailbackItem's items from the pipeline.
    .PARAMETER As
    How it ended.
    .PARAMETER Reason
    How that was found out; kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Confirm-FailbackItem campaigns/east/items/hv-1-sql-01 -As Succeeded -Reason 'it runs at home, seen in the console'
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType('Failback.Item')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name,
        [Parameter(Mandatory)][ValidateSet('Succeeded', 'Failed')][string]$As, [Parameter(Mandatory)][string]$Reason, [string]$Context)
    process {
        foreach ($one in $Name) {
            $arguments = @('campaign', 'resolve', (Get-FailbackId $one 'campaigns'), (Get-FailbackId $one 'items'), '--as', $As.ToLowerInvariant(), '--reason', $Reason)
            Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $one -Action "Record as $As" -Arguments $arguments -Context $Context -TypeName 'Failback.Item'
        }
    }
}

function Stop-FailbackItem {
    <#
    .SYNOPSIS
    Terminates the host's job of one running item. A failback cancelled during data synchronisation can leave disks that must not be booted.
    .PARAMETER Name
    The item, campaigns/CAMPAIGN/items/ITEM; takes Get-FailbackItem's items from the pipeline.
    .PARAMETER ConfirmPossibleDataLoss
    Required: says that the disks may be unusable until the failback is run again.
    .PARAMETER Reason
    Why; kept in the audit.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Stop-FailbackItem campaigns/east/items/hv-1-sql-01 -ConfirmPossibleDataLoss -Reason 'it hangs'
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType('Failback.Item')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name, [Parameter(Mandatory)][switch]$ConfirmPossibleDataLoss, [string]$Reason, [string]$Context)
    process {
        foreach ($one in $Name) {
            $arguments = Add-Reason @('campaign', 'cancel', (Get-FailbackId $one 'campaigns'), (Get-FailbackId $one 'items')) $Reason
            if ($ConfirmPossibleDataLoss) { $arguments += '--confirm-possible-data-loss' }
            Invoke-FailbackChange -Cmdlet $PSCmdlet -Target $one -Action 'Cancel, which can leave disks that must not be booted' -Arguments $arguments -Context $Context -TypeName 'Failback.Item'
        }
    }
}

# ---- evidence ---------------------------------------------------------------------------------------------------------------------------------

function Export-FailbackReport {
    <#
    .SYNOPSIS
    Writes the report of a campaign to a file, and gives the file.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER Path
    The file.
    .PARAMETER Format
    Html, Json or Csv.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Export-FailbackReport return-to-east -Path report.html
    #>
    [CmdletBinding()]
    [OutputType([System.IO.FileInfo])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string]$Name, [Parameter(Mandatory, Position = 1)][string]$Path,
        [ValidateSet('Html', 'Json', 'Csv')][string]$Format = 'Html', [string]$Context)
    process {
        $file = Resolve-FailbackPath $Path
        $null = Invoke-Failback -Arguments @('campaign', 'report', $Name, '--format', $Format.ToLowerInvariant(), '--output', $file) -Context $Context -AsText
        Get-Item -LiteralPath $file
    }
}

function Export-FailbackAudit {
    <#
    .SYNOPSIS
    Writes the audit records of a campaign to a file, and gives the file and the hash of the last record. Note the hash elsewhere.
    .PARAMETER Name
    The campaign; takes campaigns from the pipeline.
    .PARAMETER Path
    The file.
    .PARAMETER Context
    The saved context; the current one by default.
    .EXAMPLE
    Export-FailbackAudit return-to-east -Path audit.jsonl | Select-Object -ExpandProperty Head
    #>
    [CmdletBinding()]
    [OutputType('Failback.AuditExport')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string]$Name, [Parameter(Mandatory, Position = 1)][string]$Path, [string]$Context)
    process {
        $file = Resolve-FailbackPath $Path
        $sentence = @(Invoke-Failback -Arguments @('audit', 'export', $Name, '--output', $file) -Context $Context -AsText)[-1]
        $null = $sentence -match ': (\d+) records .* Head: ([0-9a-f]+)$'
        [pscustomobject]@{ PSTypeName = 'Failback.AuditExport'; Path = $file; Records = [int]$Matches[1]; Head = $Matches[2] }
    }
}

function Test-FailbackAudit {
    <#
    .SYNOPSIS
    Checks an export of audit records, without the coordinator.
    .PARAMETER Path
    The file.
    .PARAMETER Head
    A hash noted at an earlier export: that record must be in the file, with everything before it unchanged.
    .EXAMPLE
    (Test-FailbackAudit audit.jsonl).Intact
    #>
    [CmdletBinding()]
    [OutputType('Failback.AuditVerdict')]
    param([Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('FullName')][string]$Path, [string]$Head)
    process {
        $arguments = @('audit', 'verify', (Resolve-FailbackPath $Path))
        if ($Head) { $arguments += @('--head', $Head) }
        Invoke-Failback -Arguments $arguments -TypeName 'Failback.AuditVerdict' -Allowed 0, 1
    }
}
