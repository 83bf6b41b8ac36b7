using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods.Server;

/// <summary>Validates ModifyServiceSettings: the published ranges. A null property keeps its value.</summary>
internal static class ServiceSettingsRules
{
    private const int MaxThumbprintLength = 128;

    private static readonly CimClass Declaration = new(HyperVClasses.ReplicationServiceSettingData,
    [
        new("InstanceID", CimType.String), new("Caption", CimType.String), new("Description", CimType.String), new("ElementName", CimType.String),
        new("RecoveryServerEnabled", CimType.Boolean), new("AllowedAuthenticationType", CimType.UInt16), new("CertificateThumbPrint", CimType.String),
        new("HttpPort", CimType.UInt16), new("HttpsPort", CimType.UInt16), new("MonitoringInterval", CimType.UInt32), new("MonitoringStartTime", CimType.DateTime),
    ]);

    public static ServerDecision Modify(HostWorld world, IReadOnlyDictionary<string, object?> inputs)
    {
        if (EmbeddedArgument.Read(inputs.GetValueOrDefault("SettingData") as string, Declaration, out var refusal) is not { } given)
        {
            return ServerDecision.Refuse(refusal!.Code, refusal.Reason);
        }

        if (given["MonitoringStartTime"] is DateTimeOffset)
        {
            return ServerDecision.Refuse(ReturnCode.InvalidParameter, "MonitoringStartTime is a point in time; it must be a time of day");
        }

        var settings = Over(world.Server.Settings, given);
        return FindError(settings) is { } error
            ? ServerDecision.Refuse(ReturnCode.InvalidParameter, error)
            : ServerDecision.Accept(world.Server.State with { Settings = settings });
    }

    private static ReplicationServerSettings Over(ReplicationServerSettings former, CimInstance given) => new()
    {
        Enabled = given.GetBoolean("RecoveryServerEnabled") ?? former.Enabled,
        AllowedAuthentication = (RecoveryServerAuthentication?)given.GetInteger("AllowedAuthenticationType") ?? former.AllowedAuthentication,
        CertificateThumbPrint = given.GetString("CertificateThumbPrint") ?? former.CertificateThumbPrint,
        HttpPort = (int?)given.GetInteger("HttpPort") ?? former.HttpPort,
        HttpsPort = (int?)given.GetInteger("HttpsPort") ?? former.HttpsPort,
        MonitoringInterval = given.GetInteger("MonitoringInterval") is { } seconds ? TimeSpan.FromSeconds(seconds) : former.MonitoringInterval,
        MonitoringStartTime = given.GetInterval("MonitoringStartTime") ?? former.MonitoringStartTime,
    };

    private static string? FindError(ReplicationServerSettings settings) => settings switch
    {
        { AllowedAuthentication: var authentication } when !Enum.IsDefined(authentication)
            => Text($"AllowedAuthenticationType is {(int)authentication}; it must be 0 to 3"),
        { Enabled: true, AllowedAuthentication: RecoveryServerAuthentication.None } => "AllowedAuthenticationType is 0; for an enabled server it must be 1 to 3",
        { Enabled: true, CertificateThumbPrint: null or "" } when settings.AllowedAuthentication.HasFlag(RecoveryServerAuthentication.Certificate)
            => "CertificateThumbPrint is missing; certificate authentication requires it",
        { CertificateThumbPrint.Length: > MaxThumbprintLength } => Text($"CertificateThumbPrint has more than {MaxThumbprintLength} characters"),
        { HttpPort: 0 } or { HttpsPort: 0 } => "a port is 0; it must be 1 to 65535",
        { MonitoringInterval: var interval } when interval < EstateLimits.ShortestMonitoring || interval > EstateLimits.LongestMonitoring
            => Text($"MonitoringInterval is {interval.TotalSeconds}; it must be 3600 to 604800 seconds"),
        { MonitoringStartTime: var start } when start < TimeSpan.Zero || start >= TimeSpan.FromDays(1) => Text($"MonitoringStartTime is {start}; it must be a time of day"),
        _ => null,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
