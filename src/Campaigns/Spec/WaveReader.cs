using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

internal static class WaveReader
{
    /// <summary>More than anyone can oversee; each machine is compared with the waves before its own.</summary>
    public const int Most = 1000;

    private const int MaxApprovers = 100;

    private static readonly WaveSpec Everything = new("all", null, null, null, null);

    public static IReadOnlyList<WaveSpec> ReadAll(Field field)
    {
        var waves = new List<WaveSpec>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? rest = null;
        var gates = new List<Field>();
        field.List(
            item => item.Mapping(wave =>
            {
                var spec = Read(wave, names);
                if (rest is not null)
                {
                    item.Reject(
                        "no wave after one that takes all that remain", $"{item.Path} can have no items: wave '{rest}' before it takes all that remain.");
                }

                rest ??= spec is { Match: null, Take: null } ? spec.Name : null;
                waves.Add(spec);
                gates.Add(wave.Optional("gate"));
                return spec;
            }, "wave"),
            minimum: 1,
            maximum: Most);

        if (waves.Count > 0 && waves[^1].Gate is not null)
        {
            gates[^1].Reject(
                "no gate on the last wave", $"{gates[^1].Path} is on the last wave; a gate holds back the next wave, and there is none.");
        }

        return waves.Count > 0 ? waves : [Everything];
    }

    private static WaveSpec Read(MappingReader wave, HashSet<string> names)
    {
        wave.Describe("One wave. An item belongs to the first wave that matches it.");
        var nameField = wave.Required("name", "a name").Described("The wave's name, unique in the campaign.");
        var name = nameField.Name(1, 63);
        if (name is not null && !names.Add(name))
        {
            nameField.Reject("a name that no other wave has");
        }

        return new WaveSpec(
            name ?? string.Empty,
            wave.Optional("match").Described("Which items it matches; all that remain by default.").Mapping(SelectorReader.Read, SelectorReader.Definition),
            wave.Optional("take").Described("How many of the matching items it takes; a percentage is of the campaign's items. All by default.").Amount(1, 1_000_000),
            wave.Optional("ramp").Described("Limits the wave's items in flight, and grows.").Mapping(ReadRamp),
            wave.Optional("gate").Described("What must happen before the next wave starts; not on the last wave.").Mapping(ReadGate))
        {
            Outage = OutageReader.Read(wave.Optional("outage").Described("With the strategies host-to-host and planned-drill: who approves the outages of this wave, instead of what the strategy says.")),
            Once = wave.Optional("once").Described("With the strategies host-to-host and planned-drill: programs beside the coordinator's application checks that are run once for this wave.").Mapping(ReadOnce),
            Hooks = HooksReader.Read(wave.Optional("hooks").Described("With the strategies host-to-host and planned-drill: the programs around the outages of this wave, instead of those that the strategy says.")),
        };
    }

    private static OnceSpec ReadOnce(MappingReader once)
    {
        var spec = new OnceSpec(
            once.Optional("beforeOutages").Described("Run before the wave's first service goes down, which none does while the program fails.").Name(1, 63) ?? string.Empty,
            once.Optional("afterEnd").Described("Run after the wave's last machine has ended; the next wave waits for it.").Name(1, 63) ?? string.Empty);
        once.RequireAny(["beforeOutages", "afterEnd"], $"{once.Path} is empty; it must have beforeOutages, afterEnd or both.");
        return spec;
    }

    private static RampSpec ReadRamp(MappingReader ramp)
        => new(
            ramp.Optional("start").Described("The first limit.").Integer(1, 100_000, fallback: 1),
            ramp.Optional("factor").Described("What each round of successes multiplies the limit by.").NumberAbove(1, 10, fallback: 2));

    private static GateSpec ReadGate(MappingReader gate)
    {
        var approvers = gate.Optional("approval").Described("One of these people must approve.").Mapping(approval =>
            approval.Required("by", "a list of at least one approver").Described("Who may approve: the names in their certificates.")
                .List(approver => approver.Name(1, 255), minimum: 1, MaxApprovers));
        var soak = gate.Optional("soak").Described("How long to wait after the wave's last item").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        gate.RequireAny(["approval", "soak"], $"{gate.Path} is empty; it must have approval, soak or both.");
        return new GateSpec(approvers ?? [], soak ?? TimeSpan.Zero);
    }
}
