using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Mi;

/// <summary>Starts an operation of a session; the library fills in the operation.</summary>
internal unsafe delegate void MiStart(MiSessionTable* table, MiHandle* session, MiHandle* options, MiHandle* operation);

/// <summary>
/// Runs one operation of the library without callbacks: each result is asked for, and the asking thread waits. An operation is asked until its
/// last result, also when it was cancelled, because closing it earlier never returns; only then is it closed and its memory freed.
/// </summary>
internal sealed unsafe class MiOperation
{
    private readonly Lock _lock = new();
    private readonly string _call;
    private MiHandle* _operation;
    private bool _isCancelled;

    private MiOperation(string call) => _call = call;

    /// <summary>How results are asked for.</summary>
    public enum Kind
    {
        /// <summary>Instances.</summary>
        Instances,

        /// <summary>Events.</summary>
        Indications,

        /// <summary>Classes.</summary>
        Classes,
    }

    /// <summary>Runs an operation to its end. Blocks the thread.</summary>
    /// <param name="call">What is called, for messages.</param>
    /// <param name="session">The session.</param>
    /// <param name="kind">How results are asked for.</param>
    /// <param name="timeout">After how long the library itself gives the operation up; null for never.</param>
    /// <param name="start">Starts the operation.</param>
    /// <param name="each">Takes the address of each result, which is valid during the call.</param>
    /// <param name="cancellationToken">Cancels the operation; the thread still waits for its last result.</param>
    /// <exception cref="CimException">The operation has failed.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static void Run(
        string call, MiSession session, Kind kind, TimeSpan? timeout, MiStart start, Action<nint> each, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MiHandle options = default;
        if (timeout is { } limit)
        {
            session.Library.NewOptions(limit, &options);
        }

        try
        {
            var operation = new MiOperation(call);
            operation.Run(session, kind, timeout is null ? null : &options, start, each, cancellationToken);
        }
        finally
        {
            if (timeout is not null)
            {
                MiLibrary.DeleteOptions(&options);
            }
        }
    }

    private static MiOperationTable* Table(MiHandle* operation) => (MiOperationTable*)operation->Table;

    private void Run(MiSession session, Kind kind, MiHandle* options, MiStart start, Action<nint> each, CancellationToken cancellationToken)
    {
        // At an address of its own: another thread may cancel it.
        var operation = (MiHandle*)NativeMemory.AllocZeroed((nuint)sizeof(MiHandle));
        try
        {
            start(session.Table, session.Handle, options, operation);
            if (operation->Table is null)
            {
                throw new CimException(CimErrorCode.Failed, $"{_call} was not started by the library.");
            }

            _operation = operation;
            // On a thread of the pool: to cancel may take as long as the host likes, and the caller that cancels does not wait for it.
            using (cancellationToken.UnsafeRegister(_ => ThreadPool.UnsafeQueueUserWorkItem(self => self.Cancel(), this, preferLocal: false), null))
            {
                try
                {
                    ReadResults(operation, kind, each);
                }
                finally
                {
                    Close(operation);
                }
            }
        }
        catch (CimException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException($"{_call} was cancelled.", exception, cancellationToken);
        }
        finally
        {
            NativeMemory.Free(operation);
        }
    }

    private void ReadResults(MiHandle* operation, Kind kind, Action<nint> each)
    {
        ExceptionDispatchInfo? failure = null;
        var more = true;
        while (more)
        {
            MiObject* item = null;
            MiObject* details = null;
            char* message = null;
            byte moreResults = 0;
            MiResult result;
            var asked = Next(operation, kind, &item, &moreResults, &result, &message, &details);
            more = asked is MiResult.Ok && moreResults != 0;
            try
            {
                if (asked is not MiResult.Ok || result is not MiResult.Ok)
                {
                    throw MiFailures.Read(_call, asked is MiResult.Ok ? result : asked, message, details, _isCancelled);
                }

                // After a failure the rest is only waited for.
                if (item is not null && failure is null)
                {
                    each((nint)item);
                }
            }
            catch (Exception exception)
            {
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }

    private static MiResult Next(MiHandle* operation, Kind kind, MiObject** item, byte* more, MiResult* result, char** message, MiObject** details)
    {
        if (kind is Kind.Instances)
        {
            return Table(operation)->GetInstance(operation, item, more, result, message, details);
        }

        if (kind is Kind.Classes)
        {
            return Table(operation)->GetClass(operation, item, more, result, message, details);
        }

        char* bookmark;
        char* machine;
        return Table(operation)->GetIndication(operation, item, &bookmark, &machine, more, result, message, details);
    }

    private void Cancel()
    {
        lock (_lock)
        {
            if (_operation is not null)
            {
                _isCancelled = true;
                _ = Table(_operation)->Cancel(_operation, MiConstants.NoReason);
            }
        }
    }

    // Not while it is being cancelled: both use its memory.
    private void Close(MiHandle* operation)
    {
        lock (_lock)
        {
            _operation = null;
            _ = Table(operation)->Close(operation);
        }
    }
}
