// SPDX-License-Identifier: MIT
#include "core/base/queue.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_readable(const struct queue *queue)
{
	struct pollfd fd = { .fd = queue_fd(queue), .events = POLLIN };
	return poll(&fd, 1, 0) == 1;
}

static void gives_back_in_order(void **state)
{
	(void)state;
	struct queue *queue = queue_create(2, false);
	int a, b, c;
	assert_true(queue_try_send(queue, &a));
	assert_true(queue_send(queue, &b));
	assert_false(queue_try_send(queue, &c));
	assert_int_equal(queue_length(queue), 2);
	assert_ptr_equal(queue_receive(queue), &a);
	assert_true(queue_try_send(queue, &c));
	assert_ptr_equal(queue_receive(queue), &b);
	assert_ptr_equal(queue_receive_timeout(queue, 0), &c);
	assert_null(queue_receive_timeout(queue, 0));
	assert_null(queue_receive_timeout(queue, 1));
	assert_int_equal(queue_fd(queue), -1);
	queue_destroy(queue);
	queue_destroy(NULL);
}

static void is_readable_while_messages_wait(void **state)
{
	(void)state;
	struct queue *queue = queue_create(4, true);
	int a, b;
	assert_false(is_readable(queue));
	assert_true(queue_send(queue, &a));
	assert_true(queue_send(queue, &b));
	assert_true(is_readable(queue));
	assert_non_null(queue_receive(queue));
	assert_true(is_readable(queue));
	assert_non_null(queue_receive(queue));
	assert_false(is_readable(queue));
	queue_destroy(queue);
}

static void closed_queues_give_what_is_left(void **state)
{
	(void)state;
	struct queue *queue = queue_create(4, false);
	int a;
	assert_true(queue_send(queue, &a));
	queue_close(queue);
	assert_false(queue_send(queue, &a));
	assert_false(queue_try_send(queue, &a));
	assert_ptr_equal(queue_receive(queue), &a);
	assert_null(queue_receive(queue));
	queue_destroy(queue);
}

enum { MESSAGES = 20000, SENDERS = 3 };

static void *send_many(void *queue)
{
	static int message;
	for (int i = 0; i < MESSAGES; i++)
		if (!queue_send(queue, &message))
			return NULL;
	return queue;
}

static void loses_nothing_between_threads(void **state)
{
	(void)state;
	struct queue *queue = queue_create(7, true);
	pthread_t senders[SENDERS];
	for (int i = 0; i < SENDERS; i++)
		assert_int_equal(pthread_create(&senders[i], NULL, send_many, queue), 0);
	for (int i = 0; i < MESSAGES * SENDERS; i++)
		assert_non_null(queue_receive(queue));
	for (int i = 0; i < SENDERS; i++) {
		void *result;
		assert_int_equal(pthread_join(senders[i], &result), 0);
		assert_non_null(result);
	}
	assert_false(is_readable(queue));
	queue_destroy(queue);
}

static void *receive_all(void *queue)
{
	uintptr_t n = 0;
	while (queue_receive(queue))
		n++;
	return (void *)n;
}

static void closing_wakes_receivers_and_senders(void **state)
{
	(void)state;
	struct queue *queue = queue_create(1, false);
	pthread_t receiver, sender;
	assert_int_equal(pthread_create(&receiver, NULL, receive_all, queue), 0);
	int a;
	assert_true(queue_send(queue, &a));
	queue_close(queue);
	void *n;
	assert_int_equal(pthread_join(receiver, &n), 0);
	assert_int_equal((uintptr_t)n, 1);
	queue_destroy(queue);

	queue = queue_create(1, false);
	assert_int_equal(pthread_create(&sender, NULL, send_many, queue), 0);
	while (queue_length(queue) == 0)
		;
	queue_close(queue);
	assert_int_equal(pthread_join(sender, &n), 0);
	assert_null(n);
	queue_destroy(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_in_order),
		cmocka_unit_test(is_readable_while_messages_wait),
		cmocka_unit_test(closed_queues_give_what_is_left),
		cmocka_unit_test(loses_nothing_between_threads),
		cmocka_unit_test(closing_wakes_receivers_and_senders),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
