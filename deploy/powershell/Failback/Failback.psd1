@{
    RootModule           = 'Failback.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '7b8f6a2e-3d0c-4d2a-9d35-5f0b3f3d6c11'
    Author               = 'The HostAgent authors'
    Copyright            = 'MIT license'
    Description          = 'Failback campaigns for Hyper-V: plan, start, watch and prove them with objects, over the program failback.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport    = @(
        'Get-FailbackCampaign', 'Get-FailbackItem', 'Get-FailbackReason', 'Get-FailbackHost', 'Get-FailbackVM', 'Test-FailbackVM', 'Test-FailbackConnection',
        'Measure-FailbackCampaign', 'New-FailbackCampaign', 'Set-FailbackCampaign', 'Start-FailbackCampaign', 'Suspend-FailbackCampaign', 'Resume-FailbackCampaign',
        'Stop-FailbackCampaign', 'Remove-FailbackCampaign', 'Watch-FailbackCampaign', 'Wait-FailbackCampaign', 'Approve-FailbackWave', 'Deny-FailbackWave', 'Complete-FailbackSoak',
        'Restart-FailbackItem', 'Skip-FailbackItem', 'Confirm-FailbackItem', 'Stop-FailbackItem', 'Export-FailbackReport', 'Export-FailbackAudit', 'Test-FailbackAudit')
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{ PSData = @{ Tags = @('Hyper-V', 'Replica', 'failback', 'disaster-recovery') } }
}
