using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>The argument ReplicationSettingData: settings of the machine the call is about, or a refusal.</summary>
/// <param name="Settings">The settings; null when they are refused.</param>
/// <param name="Refusal">Why; null when they are good.</param>
internal sealed record SettingsArgument(ReplicationSettingData? Settings, OperationDecision? Refusal)
{
    public static SettingsArgument Read(OperationCall call)
    {
        var settings = EmbeddedArgument.Read(call.Inputs.GetValueOrDefault("ReplicationSettingData") as string, ReplicationSettingData.Parse, out var refusal);
        return settings is null || string.Equals(settings.VirtualSystemIdentifier, CimText.Guid(call.Machine.Id), StringComparison.OrdinalIgnoreCase)
            ? new SettingsArgument(settings, refusal)
            : new SettingsArgument(
                null, OperationDecision.Refuse(ReturnCode.InvalidParameter, $"the settings belong to '{settings.VirtualSystemIdentifier}'"));
    }
}
