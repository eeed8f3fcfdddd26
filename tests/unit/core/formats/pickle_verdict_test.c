// SPDX-License-Identifier: MIT
/* What loading a pickle would do. Each published way to hide it from scanners has its row. */
#include "core/formats/pickle_verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/core/formats/reading_of.h"

#define S(literal)                              \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define DATA SAFETY_DATA_ONLY
#define RUNS SAFETY_RUNS_CODE
#define TELLS SAFETY_CANNOT_TELL

struct row {
	const char *what;
	struct str bytes;
	enum safety safety;
	const char *codes;
	const char *globals;
};

/* Parts of pickles. */
#define OS_SYSTEM "cos\nsystem\n"
#define ECHO "(S'echo pwned'\nt"
#define CALLED "V_RUNS_CODE"

static const struct row rows[] = {
	/* the plain ways */
	{ "GLOBAL and REDUCE", S(OS_SYSTEM ECHO "R."), RUNS, CALLED, "os.system" },
	{ "named only", S(OS_SYSTEM "."), RUNS, CALLED, "os.system" },
	{ "STACK_GLOBAL", S("\x80\4\x8c\2os\x8c\6system\x93\x8c\4echo\x85R."), RUNS, CALLED,
	  "os.system" },
	{ "STACK_GLOBAL of what the memo holds",
	  S("\x80\4\x8c\6system\x94"
	    "0\x8c\2os\x94"
	    "0h\1h\0\x93\x8c\4echo\x85R."),
	  RUNS, CALLED, "os.system" },
	{ "the same in text, with decoys between",
	  S("Vos\np2\n0Vsystem\np3\n0Vtorch\np0\n0VLongStorage\np1\n0g2\ng3\n\x93(Vcat\ntR."), RUNS,
	  CALLED, "os.system" },
	{ "slots above all others",
	  S("\x80\4\x8c\2osr\xff\xff\xff\xff"
	    "0j\xff\xff\xff\xff\x8c\6system\x93."),
	  RUNS, CALLED, "os.system" },
	{ "escapes in UNICODE", S("\x80\4V\\u006f\\U00000073\nVsys\\u0074em\n\x93."), RUNS, CALLED,
	  "os.system" },
	{ "escapes in STRING", S("\x80\4S'\\x6f\\163'\nS\"system\"\n\x93."), RUNS, CALLED,
	  "os.system" },
	{ "no escape behind a backslash", S("\x80\4V\\\\u006fs\nVa\n\x93."), RUNS, CALLED,
	  "\\\\u006fs.a" },
	{ "texts of every width", S("\x80\4X\2\0\0\0os\x8d\6\0\0\0\0\0\0\0system\x93."), RUNS,
	  CALLED, "os.system" },
	{ "texts of Python 2", S("\x80\4U\2osT\6\0\0\0system\x93."), RUNS, CALLED, "os.system" },
	{ "INST", S("(S'echo'\nios\nsystem\n."), RUNS, CALLED, "os.system" },
	{ "OBJ", S("(" OS_SYSTEM "S'echo'\no."), RUNS, CALLED, "os.system" },
	{ "NEWOBJ", S("\x80\2" OS_SYSTEM ")\x81."), RUNS, CALLED, "os.system" },
	{ "NEWOBJ_EX", S("\x80\4" OS_SYSTEM ")}\x92."), RUNS, CALLED, "os.system" },

	/* hiding it */
	{ "POP drops the result", S(OS_SYSTEM ECHO "R0N."), RUNS, CALLED, "os.system" },
	{ "POP_MARK drops it", S("(" OS_SYSTEM ECHO "R1N."), RUNS, CALLED, "os.system" },
	{ "DUP and drop", S(OS_SYSTEM "20" ECHO "R0N."), RUNS, CALLED, "os.system" },
	{ "a text is overwritten in the memo",
	  S("\x80\4\x8c\4mathq\0"
	    "0\x8c\2osq\0"
	    "0h\0\x8c\6system\x93."),
	  RUNS, CALLED, "os.system" },
	{ "nothing known of the module", S("\x80\4K*\x8c\6system\x93."), RUNS, "V_UNKNOWN",
	  "unknown.system" },
	{ "nothing known of the name", S("\x80\4\x8c\2os)\x93."), RUNS, "V_UNKNOWN", "os.unknown" },
	{ "an unset slot", S("\x80\4\x8c\2osh\7\x93."), RUNS, "V_UNKNOWN W_PK_MEMO", "os.unknown" },
	{ "EXT1", S("\x80\2\x82\1)R."), RUNS, "V_UNKNOWN", "unknown.unknown" },
	{ "EXT2", S("\x80\2\x83\1\1."), RUNS, "V_UNKNOWN", "unknown.unknown" },
	{ "EXT4", S("\x80\2\x84\1\1\1\1."), RUNS, "V_UNKNOWN", "unknown.unknown" },
	{ "calling what a call gave", S("ccollections\nOrderedDict\n)R)R."), RUNS, "V_UNKNOWN",
	  "" },
	{ "calling what no one knows", S("\x80\5\x97)R."), RUNS, "V_UNKNOWN", "" },
	{ "a dotted name", S("\x80\4\x8c\5trace\x8c\tTrace.run\x93."), RUNS, CALLED,
	  "trace.Trace.run" },
	{ "a dotted name of a harmless module", S("\x80\4\x8c\5torch\x8c\16Tensor.__new__\x93."),
	  RUNS, CALLED, "torch.Tensor.__new__" },
	{ "a name that only begins harmlessly", S("ctorch\nFloatStorageX\n."), RUNS, CALLED,
	  "torch.FloatStorageX" },
	{ "a module that only begins harmlessly", S("ctorch._utils_x\n_rebuild_tensor\n."), RUNS,
	  CALLED, "torch._utils_x._rebuild_tensor" },
	{ "a state for a class", S("ctorch\nTensor\n}S'x'\nI1\nsb."), RUNS, CALLED,
	  "torch.Tensor" },
	{ "members for a module", S("\x80\2csys\nmodules\nX\2\0\0\0osNs."), RUNS, CALLED,
	  "sys.modules" },
	{ "members for a harmless class", S("ctorch\nSize\nS'x'\nI1\ns."), RUNS, CALLED,
	  "torch.Size" },
	{ "a call where a name is harmless", S("ctorch\nfloat32\n)R."), RUNS, CALLED,
	  "torch.float32" },
	{ "a state where a call is harmless", S("c_codecs\nencode\n(Va\nVlatin1\ntRNb."), RUNS,
	  CALLED, "_codecs.encode" },
	{ "another codec", S("c_codecs\nencode\n(Va\nVrot13\ntR."), RUNS, CALLED,
	  "_codecs.encode" },
	{ "a codec from a slot that no one set", S("c_codecs\nencode\n(Va\nh\x63tR."), RUNS,
	  "V_RUNS_CODE W_PK_MEMO", "_codecs.encode" },
	{ "_rebuild_from_type_v2 calls its argument",
	  S("ctorch._tensor\n_rebuild_from_type_v2\n(" OS_SYSTEM "ctorch\nTensor\n(S'echo'\nt}tR."),
	  RUNS, CALLED, "os.system" },
	{ "_rebuild_from_type_v2 calls what is hidden",
	  S("ctorch._tensor\n_rebuild_from_type_v2\n(Nctorch\nTensor\n)}tR."), RUNS, "V_UNKNOWN",
	  "" },

	/* frames */
	{ "an argument reaches over its frame",
	  S("\x80\4\x95\4\0\0\0\0\0\0\0\x8c\4os"
	    "ab\x94."),
	  RUNS, "E_PK_FRAME", "" },
	{ "an opcode reaches over its frame", S("\x80\4\x95\1\0\0\0\0\0\0\0J\1\0\0\0."), RUNS,
	  "E_PK_FRAME", "" },
	{ "a frame within a frame", S("\x80\4\x95\x0d\0\0\0\0\0\0\0\x95\2\0\0\0\0\0\0\0NNNN."),
	  RUNS, "E_PK_FRAME", "" },
	{ "a frame longer than all there is", S("\x80\4\x95\xff\0\0\0\0\0\0\0N."), TELLS,
	  "E_PK_EOF", "" },
	{ "frames as they should be", S("\x80\4\x95\1\0\0\0\0\0\0\0N0\x95\2\0\0\0\0\0\0\0N."), DATA,
	  "", "" },

	/* broken ones */
	{ "a call before the break",
	  S(OS_SYSTEM ECHO "R"
			   "X\xff\0\0\0."),
	  RUNS, "E_PK_EOF V_RUNS_CODE", "os.system" },
	{ "a call before a byte that is no opcode", S("\x80\2" OS_SYSTEM ECHO "R\xff."), RUNS,
	  "E_PK_OPCODE V_RUNS_CODE", "os.system" },
	{ "a name behind nonsense", S("\x80\2t" OS_SYSTEM ECHO "R."), RUNS,
	  "E_PK_STACK V_RUNS_CODE", "os.system" },
	{ "harmless, but broken", S("\x80\2ctorch\nSize\n"), TELLS, "E_PK_EOF", "" },
	{ "no mark", S("\x80\2t."), TELLS, "E_PK_STACK", "" },
	{ "nothing to return", S("\x80\2."), TELLS, "E_PK_STACK", "" },
	{ "a mark fences what lies below",
	  S("\x80\2N(0"
	    "0."),
	  TELLS, "E_PK_STACK", "" },
	{ "a key without a value", S("\x80\2}(Nu."), TELLS, "E_PK_STACK", "" },
	{ "a negative length", S("\x80\2\x8b\xff\xff\xff\xff."), TELLS, "E_PK_OPCODE", "" },
	{ "a negative length of a text", S("\x80\2T\xff\xff\xff\xff."), TELLS, "E_PK_OPCODE", "" },
	{ "a length beyond all memory", S("\x80\4\x8d\xff\xff\xff\xff\xff\xff\xff\xff."), TELLS,
	  "E_PK_EOF", "" },
	{ "a newer protocol", S("\x80\6N."), TELLS, "E_PK_PROTO", "" },
	{ "a global that is no UTF-8", S("\x80\2cmod\n\xf8\n."), TELLS, "E_PK_OPCODE", "" },
	{ "an unset slot that does no harm", S("\x80\2h\5."), DATA, "W_PK_MEMO", "" },

	/* more than one */
	{ "a second pickle", S("\x80\2N.\x80\2" OS_SYSTEM ECHO "R."), RUNS, "W_PK_MORE V_RUNS_CODE",
	  "os.system" },
	{ "a third, without a protocol", S("\x80\2N.\x80\2N." OS_SYSTEM ECHO "R."), RUNS,
	  "W_PK_MORE V_RUNS_CODE", "os.system" },
	{ "a second one that is broken", S("\x80\2N.\x80\2" OS_SYSTEM ECHO "R"), RUNS,
	  "W_PK_MORE V_RUNS_CODE", "os.system" },
	{ "blanks behind it", S("\x80\2N.\n\n\t\t"), DATA, "", "" },
	{ "within bytes", S("\x80\3cpickle\nloads\nC\x16\x80\2cposix\nsystem\nS'x'\n.\x85R."), RUNS,
	  CALLED, "pickle.loads posix.system" },
	{ "within bytes that are text in old protocols",
	  S("\x80\2cpickle\nloads\nc_codecs\nencode\n(X\x17\0\0\0\xc2\x80\2cposix\nsystem\nS'x'\n.Vlatin1\ntR"
	    "\x85R."),
	  RUNS, CALLED, "pickle.loads posix.system" },

	/* harmless ones */
	{ "data",
	  S("\x80\4](I01\nL5L\nF1.5\nJ\1\0\0\0}K\1Nsa\x89\x8a\1\xff"
	    "e."),
	  DATA, "", "" },
	{ "an OrderedDict with a state", S("\x80\2ccollections\nOrderedDict\n)R}X\1\0\0\0aNsb."),
	  DATA, "", "" },
	{ "bytes in an old protocol", S("\x80\2c_codecs\nencode\n(X\1\0\0\0aX\6\0\0\0latin1tR."),
	  DATA, "", "" },
	{ "a set of Python 2", S("\x80\2c__builtin__\nset\n](K\1e\x85R."), DATA, "", "" },
	{ "an array of NumPy's",
	  S("\x80\2cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85"
	    "C\1btR(K\1K\0\x85"
	    "cnumpy\ndtype\n(C\2O8K\0K\1tR(K\3tb\x89](Netb."),
	  DATA, "", "" },
	{ "a dtype that is only named", S("\x80\2}X\1\0\0\0actorch\nfloat16\ns."), DATA, "", "" },
};

static void every_row_holds(void **state)
{
	int n_bad = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct read_file file;
		read_file_open(&file, "a.pkl", rows[i].bytes);
		const char *codes = read_file_codes(&file), *globals = read_file_globals(&file);
		if (file.reading.safety != rows[i].safety || strcmp(codes, rows[i].codes) != 0 ||
		    strcmp(globals, rows[i].globals) != 0) {
			print_error("%s: %s, \"%s\", \"%s\"\n", rows[i].what,
				    safety_word(file.reading.safety), codes, globals);
			n_bad++;
		}
		read_file_close(&file);
	}
	assert_int_equal(n_bad, 0);
}

/* None of these is on the list of the most used scanner; all of them run code. */
static void what_no_list_of_dangers_names_runs_code(void **state)
{
	static const char *const names[] = {
		"importlib import_module",
		"marshal loads",
		"builtins __import__",
		"_posixsubprocess fork_exec",
		"_interpreters run_string",
		"site addsitedir",
		"atexit register",
		"types FunctionType",
		"numpy load",
		"joblib load",
		"pandas read_pickle",
		"torch load",
		"torch.hub load",
		"torch.storage _load_from_bytes",
		"io open",
		"_io open",
		"dill loads",
		"zipimport zipimporter",
		"multiprocessing.util spawnv_passfds",
		"torch.utils.cpp_extension load_inline",
		"ctypes CDLL",
		"code InteractiveInterpreter",
		"pydoc locate",
		"runpy run_path",
		"builtins getattr",
		"builtins globals",
		"builtins dict",
		"copyreg _reconstructor",
		"functools partial",
	};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct bytes bytes = { 0 };
		struct read_file file;
		struct str name = str_from(names[i]), module;
		str_next_part(&name, ' ', &module);
		bytes_printf(&bytes,
			     "\x80\x02"
			     "c%.*s\n%.*s\n)R.",
			     STR_ARG(module), STR_ARG(name));
		read_file_open(&file, "a.ckpt", bytes_str(&bytes));
		assert_int_equal(file.reading.safety, SAFETY_RUNS_CODE);
		assert_int_equal(file.reading.n_globals, 1);
		read_file_close(&file);
		bytes_finish(&bytes);
	}
}

static void the_message_names_it(void **state)
{
	struct read_file file;
	(void)state;
	read_file_open(&file, "a.pkl", (struct str)S("cposix\nsystem\n0cos\npopen\n)R."));
	assert_string_equal(file.reading.notes[0].message.ptr,
			    "runs code when loaded: posix.system (named only)");
	assert_string_equal(file.reading.notes[1].message.ptr, "runs code when loaded: os.popen");
	read_file_close(&file);
}

static void uses_are_those_of_the_list(void **state)
{
	(void)state;
	assert_int_equal(pickle_verdict_uses(STR("torch"), STR("BFloat16Storage")),
			 PICKLE_MAY_NAME | PICKLE_MAY_CALL);
	assert_int_equal(pickle_verdict_uses(STR("torch.cuda"), STR("HalfStorage")),
			 PICKLE_MAY_NAME | PICKLE_MAY_CALL);
	assert_int_equal(pickle_verdict_uses(STR("torch"), STR("bfloat16")), PICKLE_MAY_NAME);
	assert_int_equal(pickle_verdict_uses(STR("torch"), STR("Storage")), 0);
	assert_int_equal(pickle_verdict_uses(STR("torch"), STR("")), 0);
	assert_int_equal(pickle_verdict_uses(STR(""), STR("")), 0);
	assert_int_equal(pickle_verdict_uses(STR("torch torch.cuda"), STR("HalfStorage")), 0);
	assert_int_equal(pickle_verdict_uses(STR("builtins"), STR("eval")), 0);
}

/* A pickle may carry any other format's first bytes where the loader would still take it. */
static void a_pickle_in_disguise_is_seen(void **state)
{
	static const struct {
		const char *name;
		struct str bytes;
	} files[] = {
		{ "a.pt", S("GGUF\3\0\0\0\0"
			    "0" OS_SYSTEM ECHO "R.") },
		{ "a.bin", S("GGUF\3\0\0\0\0"
			     "0" OS_SYSTEM ECHO "R.") },
	};
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct read_file file;
		read_file_open(&file, files[i].name, files[i].bytes);
		assert_int_equal(file.reading.safety, SAFETY_RUNS_CODE);
		assert_string_equal(read_file_globals(&file), "os.system");
		read_file_close(&file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_holds),
		cmocka_unit_test(what_no_list_of_dangers_names_runs_code),
		cmocka_unit_test(the_message_names_it),
		cmocka_unit_test(uses_are_those_of_the_list),
		cmocka_unit_test(a_pickle_in_disguise_is_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
