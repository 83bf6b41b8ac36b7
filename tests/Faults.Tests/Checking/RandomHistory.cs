using System.Globalization;
using HostAgent.Faults.Checking;
using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Tests.Checking;

/// <summary>Histories in which everything is right, drawn from a seed: items that succeed, fail, are retried, cancelled or of unknown outcome, under limits, with pauses.</summary>
internal static class RandomHistory
{
    private const int Allowed = 3;
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    /// <summary>Draws one.</summary>
    public static History Draw(int seed) => new Drawing(seed).Finish();

    private sealed class Drawing
    {
        private readonly Random _random;
        private readonly List<Stored> _stored = [];
        private readonly List<Effect> _effects = [];
        private readonly List<Sighting> _sightings = [];
        private readonly Dictionary<string, (string State, int Percent)> _shown = new(StringComparer.Ordinal);
        private DateTimeOffset _now = Start;

        public Drawing(int seed)
        {
            _random = new Random(seed);
            var waiting = new Queue<(string Item, Guid Machine)>(Enumerable.Range(1, _random.Next(2, 9)).Select(number => ($"item-{number}", new Guid(number, 0, 0, new byte[8]))));
            foreach (var (item, machine) in waiting)
            {
                Store(Fact.Planned, item, "host-1", machine: machine);
            }

            var flying = new List<(string Item, Guid Machine, int Attempt)>();
            while (waiting.Count + flying.Count > 0)
            {
                if (_random.Next(6) == 0)
                {
                    Store(Fact.Paused, null, "Operator");
                    Store(Fact.Resumed, null, "Operator");
                }

                if (waiting.Count > 0 && flying.Count < Allowed && _random.Next(2) == 0)
                {
                    var (item, machine) = waiting.Dequeue();
                    Begin(item, 1);
                    flying.Add((item, machine, 1));
                }
                else if (flying.Count > 0)
                {
                    var (item, machine, attempt) = flying[0];
                    flying.RemoveAt(0);
                    if (End(item, machine, attempt))
                    {
                        Begin(item, attempt + 1);
                        flying.Add((item, machine, attempt + 1));
                    }
                }
            }

            Store(Fact.Ended, null, "CompletedWithFailures");
        }

        public History Finish() => new()
        {
            Campaign = "campaigns/random",
            Allowed = new Allowed(Allowed, Allowed),
            Stored = _stored,
            Effects = _effects,
            Sightings = _sightings,
            Answers = [new Answer(Start, "start", "OK") { Promises = Fact.Starting }, new Answer(Start, "stop", "PermissionDenied") { IsHostile = true }],
            Shown = [.. _shown.Select(item => new ShownItem(item.Key, item.Key, item.Value.State, ""))],
            HasEnded = true,
        };

        private void Begin(string item, int attempt)
        {
            Store(Fact.Starting, item, "item-starting", attempt);
            See(item, "Starting", attempt, null);
        }

        // Whether the item is tried again.
        private bool End(string item, Guid machine, int attempt)
        {
            var begin = Tick();
            var outcome = _random.Next(5);
            for (var percent = 0; percent < 100; percent += _random.Next(10, 60))
            {
                See(item, "Running", attempt, percent);
            }

            _effects.Add(new Effect("host-1", machine, begin, Tick(), outcome is 0 or 1));
            switch (outcome)
            {
                case 0 or 1:
                    Store(Fact.Succeeded, item, "item-succeeded");
                    See(item, "Succeeded", attempt, 100);
                    return false;
                case 2:
                    Store(Fact.Failed, item, "item-failed");
                    See(item, "Failed", attempt, null);
                    return false;
                case 3 when attempt < 4:
                    Store(Fact.Parked, item, "item-retry-scheduled");
                    return true;
                default:
                    Store(Fact.Unknown, item, "item-outcome-unknown");
                    See(item, "UnknownOutcome", attempt, null);
                    return false;
            }
        }

        private void Store(Fact fact, string? item, string text, int attempt = 0, Guid machine = default)
            => _stored.Add(new Stored(_stored.Count + 1, Tick(), fact, item, text) { Attempt = attempt, Machine = machine });

        private void See(string item, string state, int attempt, int? percent)
        {
            _shown[item] = (state, percent ?? 0);
            _sightings.Add(new Sighting("watcher", 1, Tick(), _stored.Count, item, state, string.Create(CultureInfo.InvariantCulture, $"{attempt}.{attempt}"), percent, ""));
        }

        private DateTimeOffset Tick() => _now += TimeSpan.FromMilliseconds(_random.Next(1, 500));
    }
}

/// <summary>One way to spoil a good history, and the rule that finds it.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Spoil">Does it; null when the history has nothing to spoil in this way.</param>
internal sealed record Mutation(string Name, Rule Rule, Func<History, Random, History?> Spoil)
{
    /// <summary>All of them: every rule has at least one.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("a second failback of one attempt", Rule.DuplicateEffect, (history, random) => history.Effects.Count == 0 ? null
            : Pick(history.Effects, random) is var effect ? history with { Effects = [.. history.Effects, effect with { Time = effect.Time + TimeSpan.FromTicks(1) }] } : null),
        new("a failback before its attempt", Rule.EffectWithoutAttempt, (history, _) => history.Effects.Count == 0 ? null
            : history with { Effects = [history.Effects[0] with { Time = history.Stored[0].Time }, .. history.Effects.Skip(1)] }),
        new("a failback while the campaign is paused", Rule.StartedAfterStop, (history, _) => history.Effects.Count == 0 ? null
            : history with
            {
                Stored = [.. history.Stored.Where(stored => stored.Fact != Fact.Starting).Prepend(new Stored(0, history.Stored[0].Time, Fact.Paused, null, "Window"))],
                Answers = [],
            }),
        new("an attempt after the breach", Rule.StartedAfterStop, (history, random) => Starting(history, random) is { } begun
            ? Insert(history, begun, new Stored(begun.Version, begun.Time, Fact.Paused, null, "Tolerance")) : null),
        new("a success that the host does not have", Rule.FalseSuccess, (history, random) => Ended(history, Fact.Succeeded, random) is { } success
            ? history with { Effects = [.. history.Effects.Where(effect => effect.Machine != MachineOf(history, success.Item!))] } : null),
        new("an end that is not stored", Rule.TerminalEventLost, (history, random) => Ended(history, null, random) is { } end
            ? history with { Stored = [.. history.Stored.Where(stored => stored != end)], Sightings = [], Shown = [] } : null),
        new("an end that a watcher does not see", Rule.TerminalEventLost, (history, random) => Ended(history, null, random) is { } end
            ? history with { Sightings = [.. history.Sightings.Where(seen => seen.Item != end.Item || seen.State is "Running" or "Starting")] } : null),
        new("an end that is stored twice", Rule.TerminalEventDoubled, (history, random) => Ended(history, Fact.Succeeded, random) is { } end
            ? Insert(history, end, end) : null),
        new("a failure after a success", Rule.TerminalEventContradicted, (history, random) => Ended(history, Fact.Succeeded, random) is { } end
            ? history with { Stored = [.. history.Stored, new Stored(history.Stored.Count + 1, history.Stored[^1].Time, Fact.Failed, end.Item, "item-failed")] } : null),
        new("a watcher that is told a failure", Rule.TerminalEventContradicted, (history, random) => Ended(history, Fact.Succeeded, random) is { } end
            ? history with { Sightings = [.. history.Sightings.SelectMany(seen => seen.Item == end.Item && seen.State == "Succeeded" ? new[] { seen with { State = "Failed" }, seen } : [seen])] } : null),
        new("an attempt after a success", Rule.StartedAfterSuccess, (history, random) => Ended(history, Fact.Succeeded, random) is { } end
            ? history with { Stored = [.. history.Stored.SkipLast(1), new Stored(history.Stored.Count, history.Stored[^1].Time, Fact.Starting, end.Item, "item-starting") { Attempt = 9 }] } : null),
        new("one more in flight than is allowed", Rule.LimitExceeded, (history, _) => Peak(history) is > 0 and var peak ? history with { Allowed = new Allowed(Campaign: peak - 1) } : null),
        new("one more on a host than is allowed", Rule.LimitExceeded, (history, _) => Peak(history) is > 0 and var peak ? history with { Allowed = new Allowed(Host: peak - 1) } : null),
        new("a percentage that goes back", Rule.PercentWentBack, (history, _) => history.Sightings.FirstOrDefault(seen => seen is { State: "Running", Percent: > 0 }) is { } seen
            ? history with { Sightings = [.. history.Sightings.SelectMany(one => one == seen ? new[] { one, one with { Percent = one.Percent - 1 } } : [one])] } : null),
        new("a version that goes back", Rule.VersionWentBack, (history, _) => history with { Sightings = [.. history.Sightings, history.Sightings[^1] with { Version = history.Sightings[^1].Version - 1 }] }),
        new("a percentage that another coordinator begins lower with", Rule.PercentWentBack, (history, _) => history.Sightings.FirstOrDefault(seen => seen is { State: "Running", Percent: > 0 }) is { } seen
            ? history with { Sightings = [.. history.Sightings.SelectMany(one => one == seen ? new[] { one, one with { Percent = one.Percent - 1, Stream = one.Stream + 1 } } : [one])] } : null),
        new("an event that is older than the one before", Rule.TimeWentBack, (history, _) => history with
        {
            Stored = [.. history.Stored, new Stored(history.Stored.Count + 1, history.Stored[^1].Time, Fact.Other, null, "host-found host-1") { OwnTime = history.Stored[^1].Time - TimeSpan.FromMinutes(10) }],
        }),
        new("a host that is given up early", Rule.GivenUpEarly, (history, random) => Ended(history, Fact.Unknown, random) is { } end
            ? history with
            {
                UnreachableAfter = TimeSpan.FromMinutes(10),
                Stored = [.. history.Stored.SelectMany(stored => stored == end
                    ? new[] { new Stored(stored.Version, stored.Time, Fact.Other, null, "host-lost host-1: silent"), stored with { Text = "item-outcome-unknown HOST_UNREACHABLE: silent" } } : [stored])],
            } : null),
        new("a command that left no trace", Rule.AnswerLost, (history, _) => history with { Answers = [new Answer(history.Stored[0].Time, "stop", "OK") { Promises = Fact.Stopping }] }),
        new("a stranger who was obeyed", Rule.HostileCallAccepted, (history, _) => history with { Answers = [new Answer(history.Stored[0].Time, "stop", "OK") { IsHostile = true }] }),
        new("a broken audit chain", Rule.AuditBroken, (history, _) => history with { AuditFinding = "record 3 does not follow the record before it" }),
        new("coordinators that take it from each other", Rule.TakenOverWithoutEnd, (history, _) => history with
        {
            Stored = [.. history.Stored, .. Enumerable.Range(2, 4).Select(epoch => new Stored(history.Stored.Count + epoch, history.Stored[^1].Time, Fact.Other, null, $"epoch-advanced {epoch}"))],
        }),
        new("a campaign without an end", Rule.NeverEnded, (history, _) => history with { HasEnded = false }),
        new("a machine that ran twice", Rule.RanTwice, (history, _) => history with { Pairs = [Pair(history) with { BothRan = TimeSpan.FromSeconds(1) }] }),
        new("writes that are not at home", Rule.WritesLost, (history, random) => Ended(history, Fact.Succeeded, random) is { } end
            ? history with { Pairs = [Pair(history) with { Item = end.Item!, HomeLacks = TimeSpan.FromSeconds(1) }] } : null),
        new("a machine that was started twice", Rule.DuplicateEffect, (history, _) => history with { Pairs = [Pair(history) with { StartsAtHome = 2 }] }),
        new("too many services down", Rule.LimitExceeded, (history, _) => history with { Allowed = new Allowed(Switch: 2), MostDown = 3 }),
    ];

    public override string ToString() => Name;

    private static T Pick<T>(IReadOnlyList<T> of, Random random) => of[random.Next(of.Count)];

    private static Stored? Starting(History history, Random random) => history.Stored.Where(stored => stored.Fact == Fact.Starting).ToList() is { Count: > 0 } begun ? Pick(begun, random) : null;

    private static Stored? Ended(History history, Fact? fact, Random random)
        => history.Stored.Where(stored => stored.IsTerminal && (fact is null || stored.Fact == fact)).ToList() is { Count: > 0 } ends ? Pick(ends, random) : null;

    private static Guid MachineOf(History history, string item) => history.Stored.First(stored => stored.Fact == Fact.Planned && stored.Item == item).Machine;

    private static History Insert(History history, Stored before, Stored inserted)
        => history with { Stored = [.. history.Stored.SelectMany(stored => ReferenceEquals(stored, before) ? new[] { inserted, stored } : [stored])] };

    private static PairEnd Pair(History history) => new(history.Stored[0].Item!, "vm", RunsAtHome: true, TimeSpan.Zero, TimeSpan.Zero, IsMixed: false, StartsAtHome: 1, StartsAtRecovery: 1);

    // As many as were ever in flight at once.
    private static int Peak(History history)
    {
        var (flying, most) = (new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var stored in history.Stored.Where(stored => stored.Item is not null))
        {
            _ = stored.Fact == Fact.Starting ? flying.Add(stored.Item!) : (stored.IsTerminal || stored.Fact == Fact.Parked) && flying.Remove(stored.Item!);
            most = Math.Max(most, flying.Count);
        }

        return most;
    }
}
