using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace HostAgent.Coordinator.Wire;

/// <summary>Fills the lists of a message up to a number of bytes, so that the message stays below the maximum size.</summary>
internal static class MessageBudget
{
    // A field's tag and length prefix.
    private const int Framing = 6;

    /// <summary>Adds the first messages that fit; the rest are never created.</summary>
    public static void AddWithin<T>(this RepeatedField<T> list, IEnumerable<T> messages, int bytes)
        where T : IMessage
        => Add(list, messages, bytes, message => message.CalculateSize());

    /// <summary>Adds the first texts that fit.</summary>
    public static void AddWithin(this RepeatedField<string> list, IEnumerable<string> texts, int bytes)
        => Add(list, texts, bytes, Encoding.UTF8.GetByteCount);

    private static void Add<T>(RepeatedField<T> list, IEnumerable<T> values, int bytes, Func<T, int> sizeOf)
    {
        foreach (var value in values)
        {
            bytes -= sizeOf(value) + Framing;
            if (bytes < 0)
            {
                return;
            }

            list.Add(value);
        }
    }
}
