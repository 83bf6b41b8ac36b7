using Dapper;
using HostAgent.Agent.Operations.Model;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>One operation of the journal as a step in the life of a machine.</summary>
internal sealed class MachineStep
{
    // The request and the events are left out: a journal of three months is read for this.
    private const string Query =
        """
        SELECT ordinal AS Ordinal, kind AS Kind, virtual_machine_id AS VirtualMachineId, virtual_machine_name AS VirtualMachineName, state AS State,
            start_time AS StartTicks, end_time AS EndTicks
        FROM operations WHERE kind IN @kinds AND start_time IS NOT NULL ORDER BY ordinal
        """;

    /// <summary>The journal's own number, in the order of acceptance.</summary>
    public long Ordinal { get; init; }

    /// <summary>The kind of operation.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The machine, upper case.</summary>
    public string VirtualMachineId { get; init; } = "";

    /// <summary>Its name when the operation was accepted.</summary>
    public string VirtualMachineName { get; init; } = "";

    /// <summary>The operation's state, as the journal stores it.</summary>
    public long State { get; init; }

    /// <summary>When the host was called.</summary>
    public long StartTicks { get; init; }

    /// <summary>When the operation ended; null while it is live.</summary>
    public long? EndTicks { get; init; }

    /// <summary>How the operation stands.</summary>
    public OperationState Outcome => (OperationState)State;

    /// <summary>When it ended, or when the host was called if it is live.</summary>
    public DateTimeOffset Time => new(EndTicks ?? StartTicks, TimeSpan.Zero);

    /// <summary>Reads every operation of some kinds for which the host was called, in the order of acceptance.</summary>
    public static async Task<IReadOnlyList<MachineStep>> ReadAsync(SqliteConnection connection, IReadOnlyCollection<string> kinds, CancellationToken cancellationToken)
        => [.. await connection.QueryAsync<MachineStep>(new CommandDefinition(Query, new { kinds }, cancellationToken: cancellationToken))];

    /// <summary>Reads them from the journal of a directory, whether or not an agent is running on it. Changes nothing.</summary>
    /// <returns>The operations; null where there is no journal.</returns>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public static async Task<IReadOnlyList<MachineStep>?> ReadAsync(string directory, IReadOnlyCollection<string> kinds, CancellationToken cancellationToken)
    {
        var files = new JournalFiles(directory);
        try
        {
            if (!files.AnyExists)
            {
                return null;
            }

            await using var connection = JournalConnection.OpenToLook(files.Database);
            return await ReadAsync(connection, kinds, cancellationToken);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The journal '{files.Database}' cannot be read: {exception.Message}", exception);
        }
    }
}
