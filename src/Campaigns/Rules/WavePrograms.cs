using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// The programs that are run once for a wave. Its begin is durable before it is run, and it is never run again by itself: one whose end nobody has told, since its
/// coordinator was gone, is unknown. The wave then waits for a person, who runs it again or goes on without it.
/// </summary>
internal static class WavePrograms
{
    public static void Begin(Decision decision, CampaignWave wave, WaveMoment moment, string actor)
    {
        var run = wave.ProgramRuns + 1;
        decision.Emit(new WaveProgramBegun(wave.Index, moment, run, actor));
        decision.Do(new RunWaveProgram(wave.Index, wave.Spec.Name, moment, run, wave.Spec.Once!.NameAt(moment)));
    }

    public static void Reported(Decision decision, WaveProgramReported report)
    {
        if (!decision.State.Status.IsTerminal() && report.Wave >= 0 && report.Wave < decision.State.Waves.Count
            && decision.State.Waves[report.Wave].ProgramAt(report.Moment) is { Status: ProgramStatus.Running or ProgramStatus.Unknown } program && program.Run == report.Run)
        {
            decision.Emit(new WaveProgramEnded(report.Wave, report.Moment, report.Run, report.Succeeded ? ProgramStatus.Succeeded : ProgramStatus.Failed, report.Explanation));
        }
    }

    /// <summary>After a replay: whoever ran a program is gone.</summary>
    public static void Lose(Decision decision)
    {
        foreach (var wave in decision.State.Waves)
        {
            foreach (var moment in Enum.GetValues<WaveMoment>())
            {
                if (wave.ProgramAt(moment) is { Status: ProgramStatus.Running } program)
                {
                    decision.Emit(new WaveProgramEnded(wave.Index, moment, program.Run, ProgramStatus.Unknown, "The coordinator was gone before it had told its end."));
                }
            }
        }
    }

    /// <summary>Runs every program again that failed or of which nobody knows how it ended.</summary>
    public static void Retry(Decision decision, string actor)
    {
        foreach (var wave in decision.State.Waves)
        {
            if (wave.AskingMoment is { } moment)
            {
                Begin(decision, wave, moment, actor);
            }
        }
    }

    /// <summary>Goes on without the program that a wave waits for.</summary>
    /// <returns>False when it waits for none.</returns>
    public static bool TrySkip(Decision decision, ApproveWave command)
    {
        if (decision.State.FindWave(command.Wave) is not { AskingMoment: { } moment } wave)
        {
            return false;
        }

        if (wave.Outage is { Approvers: { Count: > 0 } approvers } && !approvers.Contains(command.Actor, StringComparer.Ordinal))
        {
            decision.Reject(RejectionCode.NotAnApprover, $"{command.Actor} is not an approver of the outages of wave {command.Wave}, and so cannot let it go on without its program; the approvers are {string.Join(", ", approvers)}.");
        }
        else if (decision.State.Status is not (CampaignStatus.Running or CampaignStatus.Paused))
        {
            decision.Reject(RejectionCode.GateState, $"Wave {command.Wave} cannot go on without its program: the campaign is {StatusNames.Of(decision.State.Status)}.");
        }
        else
        {
            decision.Emit(new WaveProgramSkipped(wave.Index, moment, command.Actor, command.Comment));
        }

        return true;
    }

    /// <summary>Whether a campaign whose items have all ended goes on for a program.</summary>
    public static bool KeepOpen(CampaignState state)
        => state.Waves.Any(wave => wave.Before is { Status: ProgramStatus.Running } || wave.After is { Status: ProgramStatus.Running }
            || (state.Status != CampaignStatus.Stopping && wave is { Status: WaveStatus.Running, NeedsAfterProgram: true }));
}
