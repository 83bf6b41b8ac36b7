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
            }),
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
        var nameField = wave.Required("name", "a name");
        var name = nameField.Name(1, 63);
        if (name is not null && !names.Add(name))
        {
            nameField.Reject("a name that no other wave has");
        }

        return new WaveSpec(
            name ?? string.Empty,
            wave.Optional("match").Mapping(SelectorReader.Read),
            wave.Optional("take").Amount(1, 1_000_000),
            wave.Optional("ramp").Mapping(ReadRamp),
            wave.Optional("gate").Mapping(ReadGate));
    }

    private static RampSpec ReadRamp(MappingReader ramp)
    {
        var start = ramp.Optional("start").Integer(1, 100_000) ?? 1;
        var field = ramp.Optional("factor");
        var factor = field.Number(1, 10);
        if (factor == 1)
        {
            field.Reject("a number above 1 and at most 10");
        }

        return new RampSpec(start, factor ?? 2);
    }

    private static GateSpec ReadGate(MappingReader gate)
    {
        var approvalField = gate.Optional("approval");
        var approvers = approvalField.Mapping(approval =>
            approval.Required("by", "a list of at least one approver").List(approver => approver.Name(1, 255), minimum: 1, MaxApprovers));
        var soakField = gate.Optional("soak");
        var soak = soakField.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        if (!approvalField.IsPresent && !soakField.IsPresent)
        {
            gate.Reject("approval, soak or both", $"{gate.Path} is empty; it must have approval, soak or both.");
        }

        return new GateSpec(approvers ?? [], soak ?? TimeSpan.Zero);
    }
}
