/* What the parts of the stand-in share; mi.h of Windows has the same layouts under its own names. */
#ifndef MI_H
#define MI_H

#define COBJMACROS
#define CINTERFACE
#include <initguid.h>
#include <windows.h>
#include <wbemcli.h>
#include <stdio.h>
#include <wchar.h>

enum { OK = 0, FAILED_ = 1, INVALID_PARAMETER = 4, NOT_FOUND = 6, NOT_SUPPORTED = 7 };
enum {
    BOOLEAN_, UINT8_, SINT8_, UINT16_, SINT16_, UINT32_, SINT32_, UINT64_, SINT64_, REAL32_, REAL64_, CHAR16_, DATETIME_, STRING_, REFERENCE_,
    INSTANCE_, ARRAY_
};
enum { FLAG_KEY = 1 << 12, FLAG_NULL = 1 << 29 };
enum { QUALIFIER_KEY = 1, QUALIFIER_IN = 2, QUALIFIER_OUT = 4 };
enum { RPC_CALL_CANCELED = (int)0x80010002, TYPE_MISMATCH = (int)0x80041005 };

typedef DWORD Result;
typedef struct Instance Instance;
typedef struct Class Class;
typedef struct Operation Operation;
typedef struct Session Session;

typedef struct {
    DWORD is_timestamp, year, month, day, hour, minute, second, microseconds;
    LONG utc;
} Datetime;

typedef union {
    BYTE u8;
    WORD u16;
    DWORD u32;
    ULONGLONG u64;
    float r32;
    double r64;
    Datetime datetime;
    WCHAR *string;
    Instance *instance;
    struct { void *data; DWORD size; } array;
} Value;

typedef struct {
    ULONGLONG word;
    void *object;
    const void *table;
} Handle;

typedef struct {
    WCHAR *name;
    DWORD type, flags;
    Value value;
} Element;

struct Instance {
    const void *table, *declaration;
    const WCHAR *server;
    const WCHAR *space;
    ptrdiff_t reserved[4];
    WCHAR *class_name;
    Element *elements;
    DWORD count;
};

typedef struct {
    WCHAR *name;
    Instance *parameters; /* flags: QUALIFIER_IN, QUALIFIER_OUT */
} Method;

struct Class {
    const void *table, *declaration;
    const WCHAR *space, *server;
    ptrdiff_t reserved[4];
    Instance *properties; /* flags: FLAG_KEY, told as a qualifier only */
    Method *methods;
    DWORD count;
};

typedef HRESULT (WINAPI *ConnectHook)(LPCWSTR resource, IWbemServices **services);

typedef struct Known {
    struct Known *next;
    WCHAR *name;
    IUnknown *object;
} Known;

struct Session {
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE changed;
    LONG users; /* the handle, open operations, and threads that still work for one */
    LONG open;
    Known *namespaces;
    Known *classes;
    void (WINAPI *closed)(void *context);
    void *context;
};

enum { GET, QUERY, INVOKE, SUBSCRIBE, GET_CLASS };

extern ConnectHook connect_hook;
extern LONG alive[5]; /* instances, classes, operations, sessions, options */
extern LONG violations;
extern const void *const session_table[15];

Result WINAPI never_called(void);
void *allocate(SIZE_T size);
void release(void *memory);
WCHAR *copy_text(const WCHAR *text);

Instance *new_instance(const WCHAR *class_name);
Instance *clone_instance(const Instance *source);
void delete_instance(Instance *instance);
void add_element(Instance *instance, const WCHAR *name, DWORD type, DWORD flags, const Value *value);
Element *find_element(const Instance *instance, const WCHAR *name);
DWORD size_of(DWORD type);

Datetime read_datetime(const WCHAR *text);
BSTR write_datetime(const Datetime *time);
Instance *read_path(const WCHAR *text);
BSTR write_path(const Instance *keys, BOOL with_namespace);

DWORD type_of(CIMTYPE type);
Instance *read_object(IWbemClassObject *object, BOOL flag_keys, const WCHAR *server);
HRESULT write_variant(const Element *element, CIMTYPE declared, VARIANT *variant);

Class *read_class(IWbemClassObject *object);
void delete_class(Class *class_object);

HRESULT connect_to(Session *session, const WCHAR *space, IWbemServices **services);
HRESULT get_class_object(Session *session, IWbemServices *services, const WCHAR *name, IWbemClassObject **object);
void leave_session(Session *session);
void start(
    Handle *session_handle, int kind, const Handle *options, const WCHAR *space, const WCHAR *class_name, const WCHAR *text, const Instance *keys,
    const Instance *parameters, const void *callbacks, Handle *handle);

#endif
