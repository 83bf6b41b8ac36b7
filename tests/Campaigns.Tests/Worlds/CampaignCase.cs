using FsCheck;
using FsCheck.Fluent;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>A random campaign and what happens to it. The moves are data, so that a case that breaks a rule can be made smaller.</summary>
internal sealed record CampaignCase(Setting Setting, IReadOnlyList<Move> Moves)
{
    public const int MostMoves = 60;

    public static Arbitrary<CampaignCase> Arbitrary { get; } = Arb.From(ArbMap.Default.GeneratorFor<int>().Resize(int.MaxValue).Select(Of), value => value.Smaller());

    public static CampaignCase Of(int seed)
    {
        var random = new Random(seed);
        var setting = Setting.Random(random);
        return new CampaignCase(setting, [.. Enumerable.Range(0, MostMoves).Select(_ => new Move(KindOf(random.Next(100)), random.Next(1000), random.Next(1, 1_000_000)))]);
    }

    /// <summary>Cases with less: fewer moves first, then a smaller campaign, then kinder fates.</summary>
    public IEnumerable<CampaignCase> Smaller()
    {
        for (var length = Moves.Count / 2; length > 0; length /= 2)
        {
            for (var from = 0; from < Moves.Count; from += length)
            {
                yield return this with { Moves = [.. Moves.Take(from), .. Moves.Skip(from + length)] };
            }
        }

        foreach (var setting in Setting.Smaller())
        {
            yield return this with { Setting = setting };
        }

        for (var kinder = 0; kinder < Moves.Count; kinder++)
        {
            if (Moves[kinder].Fate != 0)
            {
                yield return this with { Moves = [.. Moves.Select((move, index) => index == kinder ? move with { Fate = 0 } : move)] };
            }
        }
    }

    public override string ToString() => $"{Setting}\n  {string.Join(' ', Moves)}";

    private static MoveKind KindOf(int number) => number switch
    {
        < 42 => MoveKind.Deliver,
        < 68 => MoveKind.Work,
        < 78 => MoveKind.Pass,
        < 90 => MoveKind.Command,
        < 93 => MoveKind.Toggle,
        < 94 => MoveKind.Change,
        < 95 => MoveKind.Restore,
        < 98 => MoveKind.Crash,
        _ => MoveKind.Die,
    };
}
