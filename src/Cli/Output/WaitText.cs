using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Output;

/// <summary>Why items do not move, and what frees them.</summary>
internal static class WaitText
{
    private const int MostInShort = 5;

    /// <summary>Everything that is known of it.</summary>
    public static void Write(CommandEnvironment environment, ExplainCampaignResponse answer)
    {
        var output = environment.Output;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.MovingCount} moving, {answer.EndedCount} ended, {answer.Reasons.Sum(reason => reason.Count)} waiting."));
        foreach (var reason in answer.Reasons)
        {
            output.WriteLine();
            output.WriteLine($"{Title(reason)}: {Machines(reason)}");
            if (reason.Questions.Count == 0)
            {
                output.WriteLine($"  {reason.Explanation}");
            }

            if (reason.EarliestTime is { } time)
            {
                output.WriteLine($"  At the earliest at {Quantity.Instant(time)}.");
            }

            foreach (var question in reason.Questions)
            {
                output.WriteLine($"  {question.VirtualMachineName}: {question.Explanation}");
                foreach (var given in question.Answers)
                {
                    output.WriteLine($"    → {given.Command}");
                    output.WriteLine($"      {given.Explanation}{(given.GivesUp.Length > 0 ? $" Gives up writes at {given.GivesUp}." : "")}");
                }
            }

            if (reason.Act.Length > 0)
            {
                output.WriteLine($"  → {reason.Act}");
            }
        }
    }

    /// <summary>The reasons that come first, and the first act that ends each; nothing when nothing waits.</summary>
    public static void WriteShort(CommandEnvironment environment, ExplainCampaignResponse answer, string campaign)
    {
        if (answer.Reasons.Count == 0)
        {
            return;
        }

        var output = environment.Output;
        output.WriteLine();
        output.WriteLine("Waiting for:");
        foreach (var reason in answer.Reasons.Take(MostInShort))
        {
            output.WriteLine($"  {Title(reason)}: {Machines(reason)}. {reason.Explanation}{(reason.EarliestTime is { } time ? $" At the earliest at {Quantity.Instant(time)}." : "")}");
            foreach (var act in Acts(reason))
            {
                output.WriteLine($"    → {act}");
            }
        }

        if (answer.Reasons.Count > MostInShort || answer.Reasons.Any(reason => reason.Count > 1 && reason.Code == "ASKS"))
        {
            output.WriteLine($"  All of it: failback campaign explain {campaign}");
        }
    }

    /// <summary>How many wait for what.</summary>
    public static string Title(WaitReason reason) => string.Create(CultureInfo.InvariantCulture, $"{reason.Count} {reason.Code}{(reason.Subject.Length > 0 ? $" ({reason.Subject})" : "")}");

    /// <summary>The commands that free the first of the machines; empty when nothing need be done.</summary>
    public static IEnumerable<string> Acts(WaitReason reason)
        => reason.Questions is [{ Answers: [_, ..] answers }, ..] ? answers.Select(given => given.Command) : reason.Act.Length > 0 ? [reason.Act] : [];

    private static string Machines(WaitReason reason) => $"{string.Join(", ", reason.Examples)}{(reason.Count > reason.Examples.Count ? ", …" : "")}";
}
