using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.States;

/// <summary>A program of a wave that was begun.</summary>
/// <param name="Status">How far it is.</param>
/// <param name="Run">The number of the run, from 1 for the wave's first program.</param>
/// <param name="Explanation">How it ended, for a person; empty before.</param>
public sealed record WaveProgram(ProgramStatus Status, int Run, string Explanation)
{
    /// <summary>Whether a person must decide about it.</summary>
    internal bool Asks => Status is ProgramStatus.Failed or ProgramStatus.Unknown;

    /// <summary>Whether it is done with.</summary>
    internal bool IsSettled => Status is ProgramStatus.Succeeded or ProgramStatus.Skipped;
}
