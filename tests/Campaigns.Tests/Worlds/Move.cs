namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>What happens next in a world. Pick and fate say to whom and how, whatever there is: every move can be made in every state.</summary>
internal sealed record Move(MoveKind Kind, int Pick, int Fate)
{
    /// <summary>The move with nothing bad about it.</summary>
    public static Move Calm(MoveKind kind) => new(kind, 0, 0);

    /// <summary>
    /// A decision of the move, from 0 to below the number of choices; another salt gives an independent one. The last choice is the
    /// kindest by custom, and the fate 0 takes it, so that shrinking a fate to 0 takes faults out.
    /// </summary>
    public int Choose(int choices, uint salt)
    {
        if (Fate == 0)
        {
            return choices - 1;
        }

        var mixed = unchecked(((uint)Fate * 2654435761u) + (salt * 2246822519u));
        mixed = unchecked((mixed ^ (mixed >> 15)) * 2246822519u);
        return (int)((mixed ^ (mixed >> 13)) % (uint)choices);
    }

    public override string ToString() => FormattableString.Invariant($"{Kind}({Pick},{Fate})");
}
