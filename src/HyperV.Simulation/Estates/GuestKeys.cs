using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Reads and writes a machine's guest in estate documents.</summary>
internal static class GuestKeys
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly SimulatedGuestDescription Basis = new();

    public static SimulatedGuestDescription Read(Field field) => field.Mapping(Read, "guest") ?? Basis;

    public static Dictionary<string, object> Write(SimulatedGuestDescription guest)
    {
        var written = new Dictionary<string, object>();
        if (guest.BootTime != Basis.BootTime)
        {
            written["bootTime"] = DurationText.Write(guest.BootTime);
        }

        foreach (var (key, value, basis) in new[]
        {
            ("bootFails", guest.BootFails, Basis.BootFails), ("applicationCritical", guest.ApplicationCritical, Basis.ApplicationCritical),
            ("integrationServices", guest.IntegrationServices, Basis.IntegrationServices),
        })
        {
            if (value != basis)
            {
                written[key] = value;
            }
        }

        if (guest.HangsAfter is { } limit)
        {
            written["hangsAfter"] = DurationText.Write(limit);
        }

        return written;
    }

    private static SimulatedGuestDescription Read(MappingReader reader) => new()
    {
        BootTime = reader.Optional("bootTime").Described("Time from the start until its heartbeat is there, in host time").Duration(TimeSpan.Zero, Longest, Basis.BootTime),
        BootFails = reader.Optional("bootFails").Described("Whether it never boots: the machine runs without a heartbeat.").Boolean(Basis.BootFails),
        ApplicationCritical = reader.Optional("applicationCritical").Described("Whether its application reports a critical state.").Boolean(Basis.ApplicationCritical),
        IntegrationServices = reader.Optional("integrationServices").Described("Whether the integration services run in it; otherwise it has no heartbeat and cannot be shut down.").Boolean(Basis.IntegrationServices),
        HangsAfter = reader.Optional("hangsAfter").Described("Time from the start until its heartbeat is lost, in host time; never by default").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
    };
}
