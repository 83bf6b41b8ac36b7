param([string]$Module, [string]$directory)
. (Join-Path $PSScriptRoot 'expect.ps1')
Import-Module $Module

$verbs = (Get-Verb).Verb
$common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
$commands = Get-Command -Module Failback
ExpectEqual $commands.Count 27 'commands'
foreach ($command in $commands) {
    Expect ($verbs -contains $command.Verb) "$command has an approved verb"
    $help = Get-Help $command.Name -Full
    Expect ($help.Synopsis -and $help.Synopsis -notlike "*$($command.Name) *") "$command has a synopsis"
    Expect (@($help.examples.example).Count -gt 0) "$command has an example"
    foreach ($parameter in $command.Parameters.Keys | Where-Object { $common -notcontains $_ }) {
        $described = $help.parameters.parameter | Where-Object name -eq $parameter
        Expect ($described.description.Text) "$command -$parameter is explained"
    }
    if ($command.Verb -notin 'Get', 'Test', 'Measure', 'Watch', 'Wait', 'Export') {
        Expect $command.Parameters.ContainsKey('WhatIf') "$command can be tried"
    }
}

# The program completes its own words.
Set-Item Function:failback -Value ([scriptblock]::Create("& '$($env:FAILBACK_PROGRAM)' @args"))
$program = $env:FAILBACK_PROGRAM
Invoke-Expression ((& $program completion powershell) -join "`n")
$line = "$program campaign exp"
Register-ArgumentCompleter -Native -CommandName (Split-Path -Leaf $program) -ScriptBlock ([scriptblock]::Create((@(& $program completion powershell) | Select-Object -Skip 1 | Select-Object -SkipLast 1) -join "`n"))
$found = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText
ExpectEqual $found 'explain' 'the completed word'
'all met'
